import type { AuctionCreated } from '../../auction/events.ts'
import { formatAmount } from '../../auction/money.ts'
import type { SequencedEvent } from '../../engine/engine.ts'
import { unreachable } from '../../lib/assert.ts'
import type { EventJson } from '../../protocol/event.ts'
import { formatInstant } from '../instant.ts'
import { encodeIncrements, encodeSoftClose } from './conditions.ts'
import { encodePerson } from './person.ts'
import { encodeResult } from './result.ts'

/** @param currency the auction's: events carry bare minor units */
export function encodeEvent({ seq, event }: SequencedEvent, currency: string): EventJson {
  const place = { seq, at: formatInstant(event.at) }
  switch (event.type) {
    case 'AuctionCreated':
      return { type: event.type, ...place, ...encodeCreation(event) }
    case 'AuctionOpened':
    case 'AuctionCancelled':
      return { type: event.type, ...place }
    case 'BidAccepted':
      return {
        type: event.type,
        ...place,
        bidId: event.bidId,
        bidder: encodePerson(event.bidder),
        amount: formatAmount(event.amountMinor, currency),
      }
    case 'AuctionExtended':
      return {
        type: event.type,
        ...place,
        reason: event.reason,
        from: formatInstant(event.from),
        endsAt: formatInstant(event.endsAt),
      }
    case 'AuctionClosed':
      return { type: event.type, ...place, result: encodeResult(event.result, currency) }
    default:
      return unreachable(event)
  }
}

function encodeCreation({ seller, format, conditions }: AuctionCreated) {
  const { currency } = conditions
  return {
    seller: encodePerson(seller),
    format,
    currency,
    startPrice: formatAmount(conditions.startPriceMinor, currency),
    increment: encodeIncrements(conditions.increments, currency),
    startsAt: formatInstant(conditions.startsAt),
    endsAt: formatInstant(conditions.endsAt),
    softClose: encodeSoftClose(conditions.softClose),
    mayRaiseOwnBid: conditions.mayRaiseOwnBid,
  }
}
