import type { Clock, Timer } from '../../../src/lib/clock.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Timers go by the wall clock. Where that is set back they all wait that much longer: nobody closes, nobody tries again.
export const wallClockTimers: Plant = {
  name: 'wall-clock-timers',
  bug: 'timers go by the wall clock',
  rules: ['all-closed', 'recovered-in-time'],
  mode: 'liveness',
  replan: stage(({ fault, plan }) => ({
    nodes: plan.nodes.slice(0, 1),
    faults: [fault(4_000, { kind: 'jump-wall-clock', target: { nodeId: 'n1' }, byMs: -3_600_000 })],
  })),
  spoil: () => ({ engine: ({ clock }) => ({ clock: onTheWall(clock) }) }),
}

function onTheWall(clock: Clock): Clock {
  return {
    monotonicMs: () => clock.monotonicMs(),
    wallMs: () => clock.wallMs(),
    setTimer(delayMs, fire) {
      const dueMs = clock.wallMs() + delayMs
      const look = () => {
        const leftMs = dueMs - clock.wallMs()
        if (leftMs <= 0) fire()
        else timer = clock.setTimer(leftMs, look)
      }
      let timer: Timer = clock.setTimer(delayMs, look)
      return { cancel: () => timer.cancel() }
    },
  }
}
