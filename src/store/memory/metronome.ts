import { type Clock, timerMaxMs } from '../../lib/clock.ts'

/** Calls `beat` every `everyMs` (at most an hour) until stopped; a beat that comes late moves the next. */
export function startMetronome(clock: Clock, everyMs: number, beat: () => void): () => void {
  let isStopped = false
  const arm = () =>
    clock.setTimer(Math.min(everyMs, timerMaxMs), () => {
      beat()
      if (!isStopped) timer = arm()
    })
  let timer = arm()
  return () => {
    isStopped = true
    timer.cancel()
  }
}
