import type { Clock, Timer } from '../lib/clock.ts'
import type { TimeAnswer } from '../protocol/down.ts'
import type { Time } from '../protocol/up.ts'
import type { ClientLimits } from './client.ts'
import type { ClockEstimate } from './clock-estimate.ts'
import { createSilence, type Silence } from './silence.ts'

/** Asks a node the time: a few times at first for a good estimate, then as often as it takes to notice its silence. */
export interface TimeAsker {
  start(): void
  /** Any frame: the node lives. */
  heard(): void
  answered(answer: TimeAnswer): void
  stop(): void
}

const firstSamplesCount = 4

export function createTimeAsker(
  deps: { clock: Clock; estimate: ClockEstimate; limits: ClientLimits },
  send: (frame: Time) => void,
  on: { onQuiet: (isQuiet: boolean) => void; onSilent: () => void },
): TimeAsker {
  const { clock, estimate } = deps
  let silence: Silence | undefined
  let timer: Timer | undefined
  let quietTimer: Timer | undefined
  let isQuiet = false
  let asked: { t0: number; askedMs: number } | undefined
  let samplesCount = 0

  function ask(): void {
    asked = { t0: Math.floor(clock.wallMs()), askedMs: clock.monotonicMs() }
    send({ type: 'time', t0: asked.t0 })
    quietTimer ??= clock.setTimer(deps.limits.quietMs, () => setQuiet(true))
  }
  function setQuiet(next: boolean): void {
    quietTimer?.cancel()
    quietTimer = undefined
    if (isQuiet === next) return
    isQuiet = next
    on.onQuiet(next)
  }
  function look(): void {
    if (silence === undefined) return
    const next = silence.look(clock.monotonicMs())
    if (next.do === 'leave') {
      on.onSilent()
      return
    }
    if (next.do === 'ask') ask()
    timer = clock.setTimer(next.againInMs, look)
  }
  return {
    start() {
      if (silence !== undefined) return
      silence = createSilence(clock.monotonicMs(), deps.limits)
      look()
    },
    heard() {
      silence?.heard(clock.monotonicMs())
      setQuiet(false)
    },
    answered(answer) {
      if (asked?.t0 !== answer.t0) return
      const { askedMs } = asked
      asked = undefined
      const heardMs = clock.monotonicMs()
      estimate.add({ askedMs, receivedAt: answer.t1, sentAt: answer.t2, heardMs })
      if (++samplesCount < firstSamplesCount) ask()
    },
    stop() {
      silence = undefined
      timer?.cancel()
      quietTimer?.cancel()
    },
  }
}
