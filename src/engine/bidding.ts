import type { PlaceBid } from '../auction/commands.ts'
import { decide } from '../auction/decide.ts'
import { isFinal } from '../auction/rejection.ts'
import { must } from '../lib/assert.ts'
import { asError, sleep } from '../lib/clock.ts'
import { Suspended } from '../store/errors.ts'
import { findAcceptance } from './acceptance.ts'
import { refusalOf, repeated } from './batch-decision.ts'
import { slotsOf } from './bid-ids.ts'
import { createBidTimings } from './bid-timings.ts'
import { Unreadable } from './codec.ts'
import type { TurnDeps } from './commit-turn.ts'
import type { Control, ControlOutcome } from './control.ts'
import type { Copy } from './copies.ts'
import { createDesk, type Desk } from './desk.ts'
import type { Bidding, BidOutcome, BidRefusal, BidRequest, ClusterTime } from './engine.ts'
import { createForwarder, type ForwarderDeps } from './forwarder.ts'
import type { ForwardedAnswers, ForwardedBids } from './forwarding.ts'
import { createLateBids } from './late-bids.ts'
import { engineLimits } from './limits.ts'
import { createForwardedTaker } from './take-forwarded.ts'
import { waitingBid, type WaitingBid } from './waiting-bid.ts'
import { refuse } from './bid-line.ts'

/**
 * A bid's way. It is stamped with cluster time, answered at once where this node's copy can refuse it for good, and otherwise
 * waits at its auction's desk for lock, decision and commit.
 *
 * Refused for good from a copy, however old it is: the price only rises and an end is an end, so what was too low then is too
 * low now; and it cannot stand in the journal, because a copy knows every id accepted up to its own state.
 */
export interface Bids extends Bidding {
  /** The same way for commands: the leader's, and cancellations. Never throws. */
  handle(auctionId: string, control: Control): Promise<ControlOutcome>
  /** Bids that another node forwards to us as the holder of the lock. Never throws. */
  takeForwarded(forwarded: ForwardedBids): Promise<ForwardedAnswers>
  /** The store went silent: all that was not sent is answered. */
  refuseWaiting(code: 'store-unavailable' | 'overloaded'): void
  /** Refuses what waits and what still comes, and resolves when all that was sent is answered, or after `bidWaitMsMax`. */
  drain(): Promise<void>
}

const desksMax = 10_000

export function createBidding(
  deps: Omit<TurnDeps, 'putLate' | 'timings' | 'forwarder'> & {
    time: ClusterTime
    isServing: () => boolean
    /** The ways to other nodes, if there are any. */
    forwarding?: Pick<ForwarderDeps, 'nodeId' | 'links' | 'members' | 'commitMs'> | undefined
  },
): Bids {
  const { clock, copies, metrics } = deps
  let isDraining = false
  const isServing = () => !isDraining && deps.isServing()
  const timings = createBidTimings()
  const { forwarding } = deps
  const forwarder = forwarding && createForwarder({ ...deps, ...forwarding, timings })

  const putLate = (auctionId: string, bid: WaitingBid) => late.put(auctionId, bid)
  const { desks, deskOf } = keepDesks((auctionId) =>
    createDesk({ ...deps, putLate, timings, forwarder }, auctionId),
  )
  const toDesk = (auctionId: string, bid: WaitingBid) => {
    if (!deskOf(auctionId).offer(bid)) refuse(bid, 'overloaded')
  }
  const route = (auctionId: string, bid: WaitingBid) => {
    const way = wayOf(copies.peek(auctionId), bid)
    if (way === 'late') late.put(auctionId, bid)
    else if (way === 'desk') toDesk(auctionId, bid)
    else if (way === 'known') void answerKnown(deps, auctionId, bid, toDesk)
    else bid.answer(way)
  }
  const refuseWaiting = (code: 'store-unavailable' | 'overloaded') => {
    for (const desk of desks.values()) desk.refuseWaiting(code)
  }
  const late = createLateBids({ ...deps, route })

  return {
    async place(request) {
      const startMs = clock.monotonicMs()
      const outcome = await placeOne({ ...deps, isServing }, request, route)
      const code = outcome.outcome === 'rejected' ? outcome.code : ''
      metrics.count('bids_total', { outcome: outcome.outcome, code })
      const tookMs = clock.monotonicMs() - startMs
      metrics.observe('bid_seconds', tookMs / 1_000, { stage: 'total' })
      return outcome
    },
    timing: (auctionId, { id }, bidId) => timings.of({ auctionId, bidderId: id, bidId }),
    async handle(auctionId, control) {
      if (!isServing()) return { kind: 'failed', code: 'suspended' }
      try {
        const copy = copies.peek(auctionId) ?? (await copies.load(auctionId, { fresh: true }))
        if (copy === undefined) return { kind: 'no-such-auction' }
      } catch (error) {
        if (error instanceof Suspended) return { kind: 'failed', code: 'suspended' }
        return { kind: 'failed', code: 'quarantined' }
      }
      return new Promise((answer) => {
        deskOf(auctionId).command({ ...control, sinceMs: clock.monotonicMs(), answer })
      })
    },
    takeForwarded: createForwardedTaker({ ...deps, isServing, deskOf }),
    refuseWaiting,
    async drain() {
      isDraining = true
      refuseWaiting('store-unavailable')
      const idle = Promise.all([...desks.values()].map((desk) => desk.whenIdle()))
      await Promise.race([idle, sleep(clock, engineLimits.bidWaitMsMax)])
    },
  }
}

/** A desk for each auction; beyond `desksMax` idle ones are let go. */
function keepDesks(create: (auctionId: string) => Desk) {
  const desks = new Map<string, Desk>()
  const deskOf = (auctionId: string): Desk => {
    const known = desks.get(auctionId)
    if (known !== undefined) return known
    if (desks.size >= desksMax) {
      for (const [id, desk] of desks) if (desk.isIdle()) desks.delete(id)
    }
    const desk = create(auctionId)
    desks.set(auctionId, desk)
    return desk
  }
  return { desks, deskOf }
}

/** Stamps the bid and makes sure of its auction, then sends it on its way. */
async function placeOne(
  deps: Pick<TurnDeps, 'clock' | 'copies'> & { time: ClusterTime; isServing: () => boolean },
  request: BidRequest,
  route: (auctionId: string, bid: WaitingBid) => void,
): Promise<BidOutcome> {
  const { clock, copies } = deps
  const { auctionId, bidId, bidder, amountMinor } = request
  const at = deps.time.now()
  if (at === undefined || !deps.isServing()) return refusal(bidId, 'store-unavailable')
  const sinceMs = clock.monotonicMs()
  try {
    const copy =
      copies.peek(auctionId) ??
      (await copies.load(auctionId)) ??
      (await copies.load(auctionId, { fresh: true }))
    if (copy === undefined) return refusal(bidId, 'no-such-auction')
  } catch (error) {
    return refusal(bidId, error instanceof Unreadable ? 'quarantined' : 'store-unavailable')
  }
  const command: PlaceBid = { type: 'PlaceBid', at, bidId, bidder, amountMinor }
  return new Promise((resolve) => {
    route(auctionId, waitingBid(command, sinceMs, resolve))
  })
}

/** Where a bid goes on what this node knows: to its desk, to the late ones, to the journal; or it is refused here, for good. */
function wayOf(copy: Copy | undefined, bid: WaitingBid): 'desk' | 'late' | 'known' | BidRefusal {
  if (copy?.idsComplete !== true) return 'desk'
  if (slotsOf(copy.ids, bid.hash).length > 0) return 'known'
  const decision = decide(copy.head.state, bid.command)
  if (decision.ok) return 'desk'
  const { rejection } = decision
  if (rejection.code === 'late') return 'late'
  if (!isFinal(rejection.code)) return 'desk'
  return refusalOf(rejection, bid.command.bidId, copy.head.state)
}

/** Its hash is known: the journal tells whether it is this very bid. */
async function answerKnown(
  { journal, copies, log }: Pick<TurnDeps, 'journal' | 'copies' | 'log'>,
  auctionId: string,
  bid: WaitingBid,
  toDesk: (auctionId: string, bid: WaitingBid) => void,
): Promise<void> {
  const { bidder, bidId } = bid.command
  try {
    const copy = must(copies.peek(auctionId), 'copy')
    const wanted = { bidderId: bidder.id, bidId, hash: bid.hash }
    const first = await findAcceptance(journal, copy, wanted)
    if (first === undefined) toDesk(auctionId, bid)
    else bid.answer(repeated(first, bid.command))
  } catch (error) {
    log.debug({ auctionId, error: asError(error).message }, 'a bid is looked up later')
    refuse(bid, 'store-unavailable')
  }
}

function refusal(bidId: string, code: BidRefusal['code']): BidRefusal {
  return { outcome: 'rejected', bidId, code, final: false, retryAfterMs: 500 }
}
