import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Time is measured by the wall clock: where a leader's is set forward, half a minute is over at once.
export const wallClockTimers: Plant = {
  name: 'wall-clock-timers',
  bug: 'durations are measured by the wall clock',
  rules: ['close-not-early', 'bid-in-time'],
  mode: 'safety',
  replan: stage(({ fault, auction }) => ({
    auctions: [{ ...auction, durationMs: 30_000 }],
    faults: [fault(5_000, { kind: 'jump-wall-clock', target: 'leader', byMs: 40_000 })],
  })),
  spoil: () => ({
    engine: ({ clock }) => ({ clock: { ...clock, monotonicMs: () => clock.wallMs() } }),
  }),
}
