import { sleep } from '../lib/clock.ts'
import { systemClock } from '../lib/system-clock.ts'

const stepMs = 50

/** Asks every 50 ms until the answer is yes; throws what `condition` throws, or after `withinMs`. */
export async function until(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
  const giveUpAtMs = systemClock.monotonicMs() + withinMs
  while (!(await condition())) {
    if (systemClock.monotonicMs() > giveUpAtMs) throw new Error(`not so within ${withinMs} ms`)
    await sleep(systemClock, stepMs)
  }
}
