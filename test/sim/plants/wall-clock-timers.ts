import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Time is measured by the wall clock. Where that is set forward, minutes are over at once, and whoever leads from then on closes
// what has just begun. (Set back it does less harm: a node that would tell an earlier time than before tells none.)
export const wallClockTimers: Plant = {
  name: 'wall-clock-timers',
  bug: 'durations are measured by the wall clock',
  rules: ['close-not-early'],
  mode: 'safety',
  replan: stage(({ fault, auction, plan }) => ({
    nodes: plan.nodes.slice(0, 1),
    auctions: [{ ...auction, durationMs: 30_000 }],
    faults: [
      fault(4_000, { kind: 'jump-wall-clock', target: 'leader', byMs: 22_000 }),
      fault(5_000, { kind: 'expire', target: 'leader' }),
    ],
    faultsEndMs: 12_000,
  })),
  spoil: () => ({
    engine: ({ clock }) => ({ clock: { ...clock, monotonicMs: () => clock.wallMs() } }),
  }),
}
