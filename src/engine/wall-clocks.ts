import type { Clock } from '../lib/clock.ts'
import type { Membership } from '../recipes/membership.ts'

/**
 * The members' wall clocks, for the one moment at which nobody has cluster time: a cold start of the whole cluster. Each member
 * says its own time when it joins; it is taken as running on since we heard it.
 */
export function createWallClocks(deps: { clock: Clock; membership: Membership }): {
  medianMs(): number
} {
  const { clock, membership } = deps
  const heard = new Map<string, { wallMs: number; atMs: number }>()
  membership.onChange((members) => {
    for (const { sessionId, info } of members) {
      if (heard.has(sessionId) || typeof info.wallMs !== 'number') continue
      heard.set(sessionId, { wallMs: info.wallMs, atMs: clock.monotonicMs() })
    }
    const present = new Set(members.map(({ sessionId }) => sessionId))
    for (const sessionId of heard.keys()) if (!present.has(sessionId)) heard.delete(sessionId)
  })
  return {
    medianMs() {
      const nowMs = clock.monotonicMs()
      const walls = [...heard.values()].map(({ wallMs, atMs }) => wallMs + (nowMs - atMs))
      const sorted = (walls.length === 0 ? [clock.wallMs()] : walls).sort((a, b) => a - b)
      return Math.round(sorted[Math.floor((sorted.length - 1) / 2)] ?? clock.wallMs())
    },
  }
}
