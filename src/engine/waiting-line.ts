import type { Clock, Timer } from '../lib/clock.ts'
import type { WaitingBid } from './waiting-bid.ts'
import { type BidLine, createBidLine } from './bid-line.ts'
import type { WaitingControl } from './control.ts'
import { createGathering } from './gathering.ts'
import { engineLimits } from './limits.ts'

/**
 * What waits at one auction's desk: a bounded line of bids, and the lane of commands, which is never full. Whoever waits longer
 * than `bidWaitMsMax` is answered `overloaded` (not final: this copy is not counted).
 */
export interface WaitingLine {
  readonly bids: Pick<BidLine, 'first' | 'size' | 'refuseBound'>
  offer(bid: WaitingBid): boolean
  takeBids(countMax: number): WaitingBid[]
  /** Back to the front: they were taken before those that wait now. */
  putBack(bids: readonly WaitingBid[]): void
  /** Resolves when so many bids wait, or a command does, or so long has passed. */
  gather(count: number, withinMs: number): Promise<void>
  command(control: WaitingControl): void
  firstControl(): WaitingControl | undefined
  takeControl(): WaitingControl | undefined
  /** What was taken last is answered. Until then its time limit is kept here: `onExpired` is told when it is over. */
  putDown(): void
  /** Answers everything that waits. */
  refuseAll(code: 'store-unavailable' | 'overloaded'): void
  isEmpty(): boolean
}

export function createWaitingLine(deps: { clock: Clock; onExpired: () => void }): WaitingLine {
  const { clock } = deps
  const bids = createBidLine()
  const controls: WaitingControl[] = []
  let inHandSinceMs = Infinity
  const gathering = createGathering(clock)

  const oldestMs = () =>
    Math.min(bids.first()?.sinceMs ?? Infinity, controls[0]?.sinceMs ?? Infinity, inHandSinceMs)

  const sweep = createSweep(clock, oldestMs, (beforeMs) => {
    bids.refuseUntil(beforeMs)
    while ((controls[0]?.sinceMs ?? Infinity) <= beforeMs) fail(controls.shift(), 'overloaded')
    if (inHandSinceMs > beforeMs) return
    inHandSinceMs = Infinity
    deps.onExpired()
  })

  return {
    bids,
    offer(bid) {
      if (!bids.offer(bid)) return false
      sweep.arm()
      gathering.note(bids.size())
      return true
    },
    takeBids(countMax) {
      const taken = bids.take(countMax)
      inHandSinceMs = taken[0]?.sinceMs ?? Infinity
      return taken
    },
    putBack(back) {
      bids.putBack(back)
      sweep.arm()
    },
    gather: (count, withinMs) =>
      controls.length > 0 || bids.size() >= count
        ? Promise.resolve()
        : gathering.wait(count, withinMs),
    command(control) {
      controls.push(control)
      gathering.end()
      sweep.arm()
    },
    firstControl: () => controls[0],
    takeControl() {
      const control = controls.shift()
      inHandSinceMs = control?.sinceMs ?? Infinity
      return control
    },
    putDown: () => void (inHandSinceMs = Infinity),
    refuseAll(code) {
      bids.refuseAll(code)
      gathering.end()
      const failure = code === 'overloaded' ? 'overloaded' : 'suspended'
      controls.splice(0).forEach((control) => fail(control, failure))
    },
    isEmpty: () => bids.size() === 0 && controls.length === 0,
  }
}

/** Calls `refuseUntil` with the limit of time whenever the oldest has reached it. */
function createSweep(clock: Clock, oldestMs: () => number, refuseUntil: (ms: number) => void) {
  let timer: Timer | undefined
  let dueMs = Infinity
  const sweep = () => {
    timer = undefined
    refuseUntil(clock.monotonicMs() - engineLimits.bidWaitMsMax)
    arm()
  }
  const arm = () => {
    const oldest = oldestMs() + engineLimits.bidWaitMsMax
    if (oldest === Infinity || (timer !== undefined && dueMs <= oldest)) return
    timer?.cancel()
    dueMs = oldest
    timer = clock.setTimer(Math.max(1, oldest - clock.monotonicMs()), sweep)
  }
  return { arm }
}

function fail(control: WaitingControl | undefined, code: 'suspended' | 'overloaded'): void {
  control?.answer({ kind: 'failed', code })
}
