import { OutcomeUnknown, SessionLost, Suspended, TooLarge } from '../store/errors.ts'
import type { WaitingBid } from './waiting-bid.ts'
import { refuse } from './bid-line.ts'
import { createBidsAway } from './bids-away.ts'
import { Unreadable } from './codec.ts'
import { carryOut, Overtaken, placeBids, standUp, type TurnDeps } from './commit-turn.ts'
import type { WaitingControl } from './control.ts'
import { engineLimits } from './limits.ts'
import { createReturning } from './returning.ts'
import { createWaitingLine, type WaitingLine } from './waiting-line.ts'

/**
 * One auction's desk on this node: takes what waits for it, in order, through lock, decision and commit. One commit is under
 * way at a time. Answers come after the commit that makes them true; where it fails, the whole batch is decided again.
 */
export interface Desk {
  /** False when `waitingBidsMax` wait already. */
  offer(bid: WaitingBid): boolean
  command(control: WaitingControl): void
  /** Answers everything that was not sent to the store. */
  refuseWaiting(code: 'store-unavailable' | 'overloaded'): void
  isIdle(): boolean
  /** Resolves when nothing waits and nothing is under way. */
  whenIdle(): Promise<void>
}

const bytesMin = 1_024

export function createDesk(deps: TurnDeps, auctionId: string): Desk {
  let running: Promise<void> | undefined
  let waiting = new AbortController()
  const onExpired = () => waiting.abort(new Overtaken())
  const line = createWaitingLine({ clock: deps.clock, onExpired })

  const endsAt = () => deps.copies.peek(auctionId)?.head.state.endsAt ?? 0
  /** A bid that was stamped in time, near the end, goes before the close: for `yieldToCloseMsMax`. */
  const isInTimeBidFirst = () => {
    const stampedAt = line.bids.first()?.command.at ?? Infinity
    return stampedAt < endsAt() && stampedAt > endsAt() - engineLimits.yieldToCloseMsMax
  }
  const isDue = ({ command, sinceMs }: WaitingControl) =>
    command.type !== 'CloseAuction' ||
    !isInTimeBidFirst() ||
    deps.clock.monotonicMs() - sinceMs >= engineLimits.yieldToCloseMsMax

  const mayYield = () => !isInTimeBidFirst()
  const takeBids = createBidTaker(deps, auctionId, line, mayYield)
  const away = createBidsAway(deps, auctionId, line, () => line.isEmpty() || run())

  const takeControl = async () => {
    const control = line.takeControl()
    if (control === undefined) return
    try {
      control.answer(await carryOut(deps, auctionId, control, waiting.signal))
    } catch (error) {
      control.answer({ kind: 'failed', code: failureOf(deps, auctionId, error) })
    }
  }
  const work = async () => {
    deps.locks.wake(auctionId)
    while (!line.isEmpty()) {
      const control = line.firstControl()
      if (control !== undefined && isDue(control)) await takeControl()
      else if (!(await away.send())) await takeBids(waiting.signal)
      line.putDown()
      if (mayYield()) await deps.locks.yieldIfDue(auctionId)
      if (waiting.signal.aborted) waiting = new AbortController()
    }
  }
  const run = () => {
    running ??= work()
      .catch((error: unknown) => deps.log.error({ auctionId, error }, 'a desk broke off'))
      .finally(() => {
        running = undefined
        // What came in this very moment found us still running.
        if (line.isEmpty()) deps.locks.rest(auctionId)
        else run()
      })
  }

  return {
    offer(bid) {
      if (away.count() + line.bids.size() >= engineLimits.waitingBidsMax || !line.offer(bid))
        return false
      run()
      return true
    },
    command(control) {
      line.command(control)
      run()
    },
    refuseWaiting(code) {
      line.refuseAll(code)
      if (running !== undefined) waiting.abort(new Suspended())
    },
    isIdle: () => running === undefined && line.isEmpty() && away.count() === 0,
    async whenIdle() {
      while (running !== undefined || away.count() > 0) await (running ?? away.untilOneIsBack())
    },
  }
}

/** Takes a hand of bids from the line and answers each, or puts it back, or to the late ones. Never throws. */
function createBidTaker(
  deps: TurnDeps,
  auctionId: string,
  line: WaitingLine,
  mayYield: () => boolean,
): (signal: AbortSignal) => Promise<void> {
  let bytesMax: number = engineLimits.batchBytesMax
  const returning = createReturning()
  const clockMs = () => deps.clock.monotonicMs()
  const gather = async () => {
    const expected = returning.expected(clockMs())
    if (expected !== undefined) await line.gather(expected.count, expected.withinMs)
  }
  return async (signal) => {
    const lockFromMs = clockMs()
    try {
      // While the lock is awaited they stay in the line, where more join them and the time limit reaches them.
      if (deps.locks.holds(auctionId)) await gather()
      if (!deps.locks.holds(auctionId)) await standUp(deps, auctionId, signal)
    } catch (error) {
      const code = failureOf(deps, auctionId, error)
      answerAll(line.takeBids(engineLimits.waitingBidsMax), code === 'unknown' ? 'suspended' : code)
      return
    }
    const lockedForMs = clockMs() - lockFromMs
    const hand = line.takeBids(engineLimits.handMax)
    if (hand.length === 0) return
    returning.taken(hand)
    noteQueueTimes(deps, hand)
    try {
      await placeBids(deps, auctionId, hand, { bytesMax, signal, lockedForMs, mayYield })
      returning.answered(hand, line.bids.size(), clockMs())
    } catch (error) {
      const left = hand.filter((bid) => !bid.isAnswered)
      if (error instanceof TooLarge && bytesMax > bytesMin) {
        bytesMax = Math.floor(bytesMax / 2)
        left.forEach((bid) => line.offer(bid) || refuse(bid, 'overloaded'))
      } else answerAll(left, failureOf(deps, auctionId, error))
    }
  }
}

type FailureCode = 'suspended' | 'quarantined' | 'overloaded' | 'unknown'

/** What is known after a failure. After an unknown outcome the head must be read before the next decision. */
function failureOf(deps: TurnDeps, auctionId: string, error: unknown): FailureCode {
  deps.copies.doubt(auctionId)
  if (error instanceof Suspended || error instanceof SessionLost) return 'suspended'
  if (error instanceof Unreadable) return 'quarantined'
  if (error instanceof Overtaken) return 'overloaded'
  if (!(error instanceof OutcomeUnknown)) deps.log.error({ auctionId, error }, 'a turn failed')
  return 'unknown'
}

function answerAll(bids: readonly WaitingBid[], code: FailureCode): void {
  for (const bid of bids) {
    if (code === 'unknown') bid.answer({ outcome: 'unknown', bidId: bid.command.bidId })
    else refuse(bid, code === 'suspended' ? 'store-unavailable' : code)
  }
}

function noteQueueTimes(deps: TurnDeps, hand: readonly WaitingBid[]): void {
  const nowMs = deps.clock.monotonicMs()
  for (const bid of hand) {
    deps.metrics.observe('bid_seconds', (nowMs - bid.sinceMs) / 1_000, { stage: 'queue' })
  }
}
