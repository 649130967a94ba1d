import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Time is measured by the wall clock. Where that is set back, time stands still: bids are stamped long before they were sent,
// and whoever bids after the end is in time.
export const wallClockTimers: Plant = {
  name: 'wall-clock-timers',
  bug: 'durations are measured by the wall clock',
  rules: ['bid-in-time'],
  mode: 'safety',
  replan: stage(({ fault, plan }) => ({
    nodes: plan.nodes.slice(0, 1),
    faults: [fault(4_000, { kind: 'jump-wall-clock', target: 'leader', byMs: -40_000 })],
  })),
  spoil: () => ({
    engine: ({ clock }) => ({ clock: { ...clock, monotonicMs: () => clock.wallMs() } }),
  }),
}
