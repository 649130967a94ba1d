import type { Clock } from '../lib/clock.ts'

/** On our monotonic clock, in ms. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** When this process stood still: stopped, or without a processor. */
export interface Freezes {
  /** The newest, oldest first. */
  all(): readonly Span[]
  /**
   * Until when the store was silent, of what this process saw as a silence: undefined where a freeze came just before (silence
   * is noticed late) or with it, and made it. One that reaches to its end may have hidden that the store was back.
   */
  endOfSilence(fromMs: number, toMs: number): number | undefined
  /** The silence, from a freeze on that ended so shortly before: who woke then cannot say that he served in between. */
  withFreezeBefore(silence: Span, withinMs: number): Span
  /** When we last woke; -Infinity before the first. */
  thawedMs(): number
  stop(): void
}

/** How often is looked, and so how exact a freeze is known, in ms. */
export const tickMs = 250
/** A tick that comes so late tells that the process itself stood still. */
const frozenMs = 1_000
/** Remembered: more than one silence can have to do with. */
const freezesMax = 16

/** Notices by a timer that comes late that this process stood still. */
export function watchFreezes(clock: Clock): Freezes {
  let tickedMs = clock.monotonicMs()
  let freezes: readonly Span[] = []
  /** Also before its timer had its turn. */
  const look = () => {
    const nowMs = clock.monotonicMs()
    if (nowMs - tickedMs > frozenMs)
      freezes = [...freezes, { fromMs: tickedMs, toMs: nowMs }].slice(-freezesMax)
    tickedMs = nowMs
  }
  const tick = () => {
    look()
    timer = clock.setTimer(tickMs, tick)
  }
  let timer = clock.setTimer(tickMs, tick)
  return {
    endOfSilence(fromMs, toMs) {
      look()
      const isMade = freezes.some(
        (freeze) => freeze.toMs >= fromMs - frozenMs && freeze.fromMs <= fromMs + frozenMs,
      )
      if (isMade) return undefined
      const last = freezes.find((freeze) => freeze.toMs >= toMs - frozenMs)
      return last === undefined ? toMs : last.fromMs
    },
    all() {
      look()
      return freezes
    },
    withFreezeBefore({ fromMs, toMs }, withinMs) {
      const before = freezes.filter(
        (freeze) => freeze.toMs <= fromMs && freeze.toMs >= fromMs - withinMs,
      )
      return { fromMs: Math.min(fromMs, ...before.map((freeze) => freeze.fromMs)), toMs }
    },
    thawedMs() {
      look()
      return freezes.at(-1)?.toMs ?? -Infinity
    },
    stop: () => timer.cancel(),
  }
}
