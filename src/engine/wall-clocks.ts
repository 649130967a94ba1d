import type { Clock } from '../lib/clock.ts'
import type { Membership } from '../recipes/membership.ts'

/** On its way from one node to the other, through reads that may be old, what a member says may age by this. */
const deliveryMs = 2_000

/** What we know of a member's wall clock: how far it is ahead of our monotonic one, at least and at most. */
interface Heard {
  readonly toldMs: number
  readonly leastMs: number
  readonly mostMs: number
}

/** What a member says of its wall clock. */
export interface WallClockWords {
  readonly wallMs: number
  /** It says it again, anew, after so long. */
  readonly toldAgainInMs: number
}

/**
 * The members' wall clocks, for the one moment at which nobody has cluster time: a cold start of the whole cluster. Each member
 * says its own time now and then. What is heard was true some time ago, at most until it is said again: that bounds its clock
 * from both sides. A member whose bounds allow our own clock counts for it, and otherwise for the bound that is nearer.
 */
export function createWallClocks(deps: {
  clock: Clock
  membership: Pick<Membership, 'onChange'>
  nodeId: string
}): { medianMs(): number } {
  const { clock, membership, nodeId: ownId } = deps
  const heard = new Map<string, Heard>()
  membership.onChange((members) => {
    const atMs = clock.monotonicMs()
    for (const { sessionId, nodeId, info } of members) {
      if (nodeId === ownId) continue
      const now = hear(heard.get(sessionId), info, atMs)
      if (now !== undefined) heard.set(sessionId, now)
    }
    const present = new Set(members.map(({ sessionId }) => sessionId))
    for (const sessionId of heard.keys()) if (!present.has(sessionId)) heard.delete(sessionId)
  })
  return {
    medianMs() {
      const ownMs = clock.wallMs() - clock.monotonicMs()
      const votes = [...heard.values()].map(({ leastMs, mostMs }) =>
        Math.min(mostMs, Math.max(leastMs, ownMs)),
      )
      const sorted = [...votes, ownMs].sort((a, b) => a - b)
      const median = sorted[Math.floor(sorted.length / 2)] ?? ownMs
      return Math.round(clock.monotonicMs() + median)
    },
  }
}

/** Undefined when nothing new was said. */
function hear(
  before: Heard | undefined,
  { wallMs, toldAgainInMs }: Partial<Record<keyof WallClockWords, unknown>>,
  atMs: number,
): Heard | undefined {
  if (typeof wallMs !== 'number' || wallMs === before?.toldMs) return undefined
  const agedMs = deliveryMs + (typeof toldAgainInMs === 'number' ? toldAgainInMs : 0)
  const leastMs = Math.max(before?.leastMs ?? -Infinity, wallMs - atMs)
  const mostMs = Math.max(leastMs, Math.min(before?.mostMs ?? Infinity, wallMs - atMs + agedMs))
  return { toldMs: wallMs, leastMs, mostMs }
}
