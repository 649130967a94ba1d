import { must } from '../lib/assert.ts'
import type { Clock, Timer } from '../lib/clock.ts'
import { Mailbox } from '../lib/mailbox.ts'
import type { WaitingBid } from './batch-decision.ts'
import type { WaitingControl } from './control.ts'
import type { BidRefusalCode } from './engine.ts'
import { createGathering } from './gathering.ts'
import { engineLimits } from './limits.ts'

/**
 * What waits at one auction's desk: a bounded line of bids, and the lane of commands, which is never full. Whoever waits longer
 * than `bidWaitMsMax` is answered `overloaded` (not final: this copy is not counted).
 */
export interface WaitingLine {
  offer(bid: WaitingBid): boolean
  command(control: WaitingControl): void
  readonly firstBid: WaitingBid | undefined
  takeBids(countMax: number): WaitingBid[]
  /** Resolves when so many more bids wait, or a command does, or so long has passed. */
  gather(moreCount: number, withinMs: number): Promise<void>
  readonly firstControl: WaitingControl | undefined
  takeControl(): WaitingControl | undefined
  /** What was taken last is answered. Until then its time limit is kept here: `onExpired` is told when it is over. */
  putDown(): void
  /** Answers everything that waits. */
  refuseAll(code: 'store-unavailable' | 'overloaded'): void
  readonly isEmpty: boolean
}

export function createWaitingLine(deps: { clock: Clock; onExpired: () => void }): WaitingLine {
  const { clock } = deps
  const bids = new Mailbox<WaitingBid>({ capacity: engineLimits.waitingBidsMax })
  const controls: WaitingControl[] = []
  let sweep: Timer | undefined
  let inHandSinceMs = Infinity
  const gathering = createGathering(clock)

  const oldestMs = () =>
    Math.min(bids.peek()?.sinceMs ?? Infinity, controls[0]?.sinceMs ?? Infinity, inHandSinceMs)

  const refuseExpired = () => {
    sweep = undefined
    const beforeMs = clock.monotonicMs() - engineLimits.bidWaitMsMax
    while ((bids.peek()?.sinceMs ?? Infinity) <= beforeMs) {
      refuse(must(bids.take(), 'bid'), 'overloaded')
    }
    while ((controls[0]?.sinceMs ?? Infinity) <= beforeMs) fail(controls.shift(), 'overloaded')
    if (inHandSinceMs <= beforeMs) {
      inHandSinceMs = Infinity
      deps.onExpired()
    }
    armSweep()
  }
  const armSweep = () => {
    if (sweep !== undefined || oldestMs() === Infinity) return
    const waitMs = oldestMs() + engineLimits.bidWaitMsMax - clock.monotonicMs()
    sweep = clock.setTimer(Math.max(1, waitMs), refuseExpired)
  }

  return {
    offer(bid) {
      if (!bids.offer(bid)) return false
      armSweep()
      gathering.note(bids.size)
      return true
    },
    command(control) {
      controls.push(control)
      gathering.end()
      armSweep()
    },
    get firstBid() {
      return bids.peek()
    },
    takeBids(countMax) {
      const taken: WaitingBid[] = []
      while (taken.length < countMax && bids.size > 0) taken.push(must(bids.take(), 'bid'))
      inHandSinceMs = taken[0]?.sinceMs ?? Infinity
      return taken
    },
    gather: (moreCount, withinMs) =>
      controls.length > 0 ? Promise.resolve() : gathering.wait(bids.size + moreCount, withinMs),
    get firstControl() {
      return controls[0]
    },
    takeControl() {
      const control = controls.shift()
      inHandSinceMs = control?.sinceMs ?? Infinity
      return control
    },
    putDown: () => void (inHandSinceMs = Infinity),
    refuseAll(code) {
      bids.drain().forEach((bid) => refuse(bid, code))
      gathering.end()
      const failure = code === 'overloaded' ? 'overloaded' : 'suspended'
      controls.splice(0).forEach((control) => fail(control, failure))
    },
    get isEmpty() {
      return bids.size === 0 && controls.length === 0
    },
  }
}

/** Refuses this copy of a bid for now. */
export function refuse(bid: WaitingBid, code: BidRefusalCode): void {
  const { bidId } = bid.command
  bid.answer({ outcome: 'rejected', bidId, code, final: false, retryAfterMs: 500 })
}

function fail(control: WaitingControl | undefined, code: 'suspended' | 'overloaded'): void {
  control?.answer({ kind: 'failed', code })
}
