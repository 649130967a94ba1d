import type { PlaceBid } from '../auction/commands.ts'
import { decide } from '../auction/decide.ts'
import type { AuctionEvent, BidAccepted } from '../auction/events.ts'
import { evolve } from '../auction/evolve.ts'
import { isFinal, type Rejection } from '../auction/rejection.ts'
import type { Auction } from '../auction/state.ts'
import { minimumNextBid } from '../auction/view.ts'
import type { BidAcceptance, BidOutcome, BidRefusal } from './engine.ts'
import type { WaitingBid } from './waiting-bid.ts'

/** What becomes of each bid if the batch is committed. */
export type Verdict =
  | { readonly kind: 'answer'; readonly outcome: BidOutcome; readonly needsProof: boolean }
  /** Too late for the end in force: waits for the close, or for the end to move. */
  | { readonly kind: 'late' }

export interface BatchDecision {
  readonly events: readonly AuctionEvent[]
  /** The same as JSON, without the brackets: they are put in words once, to be measured and to be written. */
  readonly eventsText: string
  readonly state: Auction
  readonly acceptedHashes: readonly number[]
  /** One for each bid decided, in order; fewer than given when the batch was full. */
  readonly verdicts: readonly Verdict[]
}

/**
 * Decides bids in order, each on the state that the ones before it made. Pure. Stops before the bid whose events would make
 * the batch larger than `bytesMax` (one bid always fits). Bids known from the journal are not given here; a bid that stands
 * twice in the batch is answered by its first acceptance.
 */
export function decideBatch(
  start: Auction,
  bids: readonly WaitingBid[],
  bytesMax: number,
): BatchDecision {
  let state = start
  const events: AuctionEvent[] = []
  const texts: string[] = []
  const acceptedHashes: number[] = []
  const verdicts: Verdict[] = []
  const accepted = new Map<string, BidAcceptance>()
  let bytes = 0
  for (const { command, hash } of bids) {
    const name = `${command.bidder.id}\n${command.bidId}`
    const earlier = accepted.get(name)
    if (earlier !== undefined) {
      verdicts.push(answerTo(repeated(earlier, command), true))
      continue
    }
    const decision = decide(state, command)
    if (!decision.ok) {
      verdicts.push(refusalVerdict(decision.rejection, command.bidId, state))
      continue
    }
    const text = JSON.stringify(decision.events)
    if (bytes > 0 && bytes + text.length > bytesMax) break
    bytes += text.length
    texts.push(text.slice(1, -1))
    events.push(...decision.events)
    state = decision.events.reduce<Auction>((before, event) => evolve(before, event), state)
    acceptedHashes.push(hash)
    const acceptance = acceptanceOf(state, decision.events, command)
    accepted.set(name, acceptance)
    verdicts.push(answerTo(acceptance, true))
  }
  return { events, eventsText: texts.join(','), state, acceptedHashes, verdicts }
}

/** The same id again: the first acceptance, or a refusal when it names another amount. */
export function repeated(first: BidAcceptance, command: PlaceBid): BidOutcome {
  if (first.amountMinor === command.amountMinor) return first
  const { bidId } = command
  return { outcome: 'rejected', bidId, code: 'bid-id-reused', final: true, seq: first.seq }
}

export function refusalOf(rejection: Rejection, bidId: string, state: Auction): BidRefusal {
  const minimum = minimumNextBid(state)
  const refusal = {
    outcome: 'rejected',
    bidId,
    final: isFinal(rejection.code),
    seq: state.seq,
    endsAt: state.endsAt,
    ...(minimum === null ? {} : { minimumNextBidMinor: minimum }),
  } as const
  switch (rejection.code) {
    case 'bid-too-low':
    case 'closed':
    case 'seller-may-not-bid':
    case 'not-open':
    case 'own-bid':
    case 'step-too-large':
      return { ...refusal, code: rejection.code }
    default:
      throw new Error(`a bid is not refused as ${rejection.code}`)
  }
}

function refusalVerdict(rejection: Rejection, bidId: string, state: Auction): Verdict {
  if (rejection.code === 'late') return { kind: 'late' }
  return answerTo(refusalOf(rejection, bidId, state), !isFinal(rejection.code))
}

function answerTo(outcome: BidOutcome, needsProof: boolean): Verdict {
  return { kind: 'answer', outcome, needsProof }
}

function acceptanceOf(
  state: Auction,
  events: readonly AuctionEvent[],
  command: PlaceBid,
): BidAcceptance {
  const index = events.findIndex((event) => event.type === 'BidAccepted')
  const { at, amountMinor } = events[index] as BidAccepted
  return {
    outcome: 'accepted',
    bidId: command.bidId,
    seq: state.seq - (events.length - 1 - index),
    amountMinor,
    at,
    minimumNextBidMinor: minimumNextBid(state),
    endsAt: state.endsAt,
  }
}
