import { must } from '../lib/assert.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Membership } from '../recipes/membership.ts'
import { createPartingGauge } from '../recipes/parting-gauge.ts'

/** On its way from one node to the other, through reads that may be old, what a member says may age by this. */
const deliveryMs = 2_000
/** So long a node whose own clocks parted waits for the others to say their time anew; a young member does so within 2 s. */
const patienceMs = 3_000

/** What we know of a member's wall clock: how far it is ahead of our monotonic one, at least and at most. */
interface Heard {
  readonly toldMs: number
  /** On our monotonic clock. */
  readonly heardAtMs: number
  readonly leastMs: number
  readonly mostMs: number
}

/** What a member says of its wall clock. */
export interface WallClockWords {
  readonly wallMs: number
  /** It says it again, anew, after so long. */
  readonly toldAgainInMs: number
}

export interface WallClocks {
  /** Milliseconds since 1970. Waits for words of the others where our own clocks parted, at most 3 s; never throws. */
  medianMs(signal: AbortSignal): Promise<number>
}

/**
 * The members' wall clocks, for the one moment at which nobody has cluster time: a cold start of the whole cluster. Each member
 * says its own time now and then. What is heard was true some time ago, at most until it is said again: that bounds its clock
 * from both sides. A member whose bounds allow our own clock counts for it, and otherwise for the bound that is nearer.
 *
 * Where our own wall clock has jumped away from our monotonic one, either may be wrong: it has no vote, if another has spoken since.
 */
export function createWallClocks(deps: {
  clock: Clock
  membership: Pick<Membership, 'onChange'>
  nodeId: string
}): WallClocks {
  const { clock, membership, nodeId: ownId } = deps
  const heard = new Map<string, Heard>()
  const jumpedMs = createPartingGauge(clock)
  let partedAtMs = -Infinity
  let onWord = nothing

  const monotonicMs = (): number => {
    const nowMs = clock.monotonicMs()
    if (jumpedMs() !== 0) partedAtMs = nowMs
    return nowMs
  }
  const heardSince = () => [...heard.values()].filter(({ heardAtMs }) => heardAtMs >= partedAtMs)
  /** Resolves when one has spoken since our clocks parted, nobody is there who could, or patience ends. */
  const othersSpoke = async (signal: AbortSignal): Promise<void> => {
    const spoken = new AbortController()
    onWord = () => {
      if (heard.size === 0 || heardSince().length > 0) spoken.abort()
    }
    onWord()
    const over = AbortSignal.any([signal, spoken.signal])
    await sleep(clock, patienceMs, over).catch(() => undefined)
    onWord = nothing
  }
  membership.onChange((members) => {
    const atMs = monotonicMs()
    for (const { sessionId, nodeId, info } of members) {
      if (nodeId === ownId) continue
      const before = heard.get(sessionId)
      const now = hear(before, info, atMs, before !== undefined && before.heardAtMs >= partedAtMs)
      if (now !== undefined) heard.set(sessionId, now)
    }
    const present = new Set(members.map(({ sessionId }) => sessionId))
    for (const sessionId of heard.keys()) if (!present.has(sessionId)) heard.delete(sessionId)
    onWord()
  })
  return {
    async medianMs(signal) {
      monotonicMs()
      const hasParted = partedAtMs > -Infinity
      if (hasParted) await othersSpoke(signal)
      const ownMs = clock.wallMs() - clock.monotonicMs()
      const anew = hasParted ? heardSince().map(({ leastMs }) => leastMs) : []
      const votes = anew.length > 0 ? anew : [ownMs, ...boundedBy(heard.values(), ownMs)]
      return Math.round(clock.monotonicMs() + median(votes))
    },
  }
}

const nothing = (): void => undefined

function boundedBy(heard: Iterable<Heard>, ownMs: number): number[] {
  return [...heard].map(({ leastMs, mostMs }) => Math.min(mostMs, Math.max(leastMs, ownMs)))
}

/** The upper one of an even count: who could not write could not say its time again, so words are too old now and then, never too new. */
function median(votes: readonly number[]): number {
  return must([...votes].sort((a, b) => a - b)[Math.floor(votes.length / 2)], 'a vote')
}

/**
 * Undefined when nothing new was said. What was least stays so whatever our clocks did, for the monotonic one can only have
 * lost time; what was most does not.
 */
function hear(
  before: Heard | undefined,
  { wallMs, toldAgainInMs }: Partial<Record<keyof WallClockWords, unknown>>,
  atMs: number,
  isMostKept: boolean,
): Heard | undefined {
  if (typeof wallMs !== 'number' || wallMs === before?.toldMs) return undefined
  const agedMs = deliveryMs + (typeof toldAgainInMs === 'number' ? toldAgainInMs : 0)
  const leastMs = Math.max(before?.leastMs ?? -Infinity, wallMs - atMs)
  const mostBeforeMs = isMostKept ? (before?.mostMs ?? Infinity) : Infinity
  const mostMs = Math.max(leastMs, Math.min(mostBeforeMs, wallMs - atMs + agedMs))
  return { toldMs: wallMs, heardAtMs: atMs, leastMs, mostMs }
}
