import type { Clock } from '../lib/clock.ts'
import type { Membership } from '../recipes/membership.ts'

/**
 * The members' wall clocks, for the one moment at which nobody has cluster time: a cold start of the whole cluster. Each member
 * says its own time now and then; it is taken as running on since we heard it. What was said is old when it is heard, so the
 * latest of all that was heard from a member is the nearest to its clock.
 */
export function createWallClocks(deps: { clock: Clock; membership: Membership; nodeId: string }): {
  medianMs(): number
} {
  const { clock, membership, nodeId: ownId } = deps
  /** Wall clock minus our monotonic clock, by session. */
  const heard = new Map<string, number>()
  membership.onChange((members) => {
    const atMs = clock.monotonicMs()
    for (const { sessionId, nodeId, info } of members) {
      if (nodeId === ownId || typeof info.wallMs !== 'number') continue
      heard.set(sessionId, Math.max(heard.get(sessionId) ?? -Infinity, info.wallMs - atMs))
    }
    const present = new Set(members.map(({ sessionId }) => sessionId))
    for (const sessionId of heard.keys()) if (!present.has(sessionId)) heard.delete(sessionId)
  })
  return {
    medianMs() {
      const offsets = [...heard.values(), clock.wallMs() - clock.monotonicMs()]
      const sorted = offsets.sort((a, b) => a - b)
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0
      return Math.round(clock.monotonicMs() + median)
    },
  }
}
