import type { Forwarded, ForwardedAnswers, ForwardedBid } from '../../engine/forwarding.ts'
import type { Clock, Timer } from '../../lib/clock.ts'

/** Forwards of one link that wait for their answer, each until its time is over. */
export interface Outstanding {
  readonly size: number
  /** The number of the newest. */
  readonly last: number
  /** @returns its number, and what becomes of it */
  add(
    bids: readonly ForwardedBid[],
    withinMs: number,
  ): { number: number; forwarded: Promise<Forwarded> }
  bidsOf(number: number): readonly ForwardedBid[] | undefined
  answer(number: number, answers: ForwardedAnswers): void
  /** The link broke: all that wait become `unknown`. */
  breakOff(): void
}

interface Waiting {
  readonly bids: readonly ForwardedBid[]
  readonly timer: Timer
  settle(forwarded: Forwarded): void
}

/** @param onMissed again only for a forward that left after it: those that wait together are missed together, once */
export function createOutstanding(clock: Clock, onMissed: () => void): Outstanding {
  const waiting = new Map<number, Waiting>()
  let last = 0
  let lastWhenMissed = 0
  const settle = (number: number, forwarded: Forwarded) => {
    const one = waiting.get(number)
    if (one === undefined) return
    waiting.delete(number)
    one.timer.cancel()
    one.settle(forwarded)
  }
  const miss = (number: number) => {
    if (!waiting.has(number)) return
    settle(number, { kind: 'unknown' })
    if (number <= lastWhenMissed) return
    lastWhenMissed = last
    onMissed()
  }
  return {
    get size() {
      return waiting.size
    },
    get last() {
      return last
    },
    add(bids, withinMs) {
      const number = ++last
      const forwarded = new Promise<Forwarded>((resolve) => {
        // When it was us who stood still, the answer may be here: it is read before it counts as missed.
        const timer = clock.setTimer(withinMs, () => setImmediate(() => miss(number)))
        waiting.set(number, { bids, timer, settle: resolve })
      })
      return { number, forwarded }
    },
    bidsOf: (number) => waiting.get(number)?.bids,
    answer: (number, answers) => settle(number, { kind: 'answered', answers }),
    breakOff() {
      for (const number of [...waiting.keys()]) settle(number, { kind: 'unknown' })
    },
  }
}
