import { seededEntropy } from '../../src/lib/entropy.ts'
import { pick, type Plan } from './plan.ts'

/** How long before an end in force, at most, its quorum is lost: within the time that is given back. */
const beforeEndMsMax = 15_000
/** After the last loss, for what is owed to be given back. */
const afterMs = 10_000

/** Beside all that was drawn, the quorum is lost once or twice around the end of an auction, for up to four session timeouts. */
export function withOutages(plan: Plan): Plan {
  const entropy = seededEntropy(plan.seed * 8 + 5)
  const random = () => entropy.random()
  const losses = Array.from({ length: pick(entropy, [1, 1, 2]) }, () => {
    const { createMs, startsInMs = 0, durationMs } = pick(entropy, plan.auctions)
    const endMs = createMs + startsInMs + durationMs
    const atMs = Math.max(createMs + 1_000, endMs + 2_000 - random() * beforeEndMsMax)
    const forMs = plan.timing.sessionTimeoutMs * (0.5 + random() * 3.5)
    return { atMs, harm: { kind: 'quorum-loss', forMs } as const }
  })
  const overMs = Math.max(...losses.map(({ atMs, harm }) => atMs + harm.forMs))
  return {
    ...plan,
    faults: [...plan.faults, ...losses].sort((a, b) => a.atMs - b.atMs),
    faultsEndMs: Math.max(plan.faultsEndMs, overMs + afterMs),
  }
}
