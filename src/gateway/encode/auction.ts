import { formatAmount } from '../../auction/money.ts'
import type { StandingBid } from '../../auction/state.ts'
import type { AuctionRecord } from '../../engine/engine.ts'
import type { AuctionJson, StandingBidJson } from '../../protocol/auction.ts'
import { formatInstant } from '../instant.ts'
import { encodeIncrements, encodeSoftClose } from './conditions.ts'
import { encodePerson } from './person.ts'
import { encodeResult } from './result.ts'

/** @param serverTime cluster time in ms at which this is told */
export function encodeAuction(record: AuctionRecord, serverTime: number): AuctionJson {
  const { auction } = record
  const { currency, minimumNextBidMinor, standingBid, result } = auction
  return {
    id: record.id,
    epoch: record.epoch,
    title: record.title,
    description: record.description,
    seller: encodePerson(auction.seller),
    currency,
    phase: auction.phase,
    startsAt: formatInstant(auction.startsAt),
    endsAt: formatInstant(auction.endsAt),
    startPrice: formatAmount(auction.startPriceMinor, currency),
    standingBid: standingBid === null ? null : encodeStandingBid(standingBid, currency),
    minimumNextBid:
      minimumNextBidMinor === null ? null : formatAmount(minimumNextBidMinor, currency),
    bidCount: auction.bidCount,
    increment: encodeIncrements(auction.increments, currency),
    softClose: encodeSoftClose(auction.softClose),
    mayRaiseOwnBid: auction.mayRaiseOwnBid,
    extensions: auction.extensionCount,
    result: result === null ? null : encodeResult(result, currency),
    seq: auction.seq,
    serverTime: formatInstant(serverTime),
  }
}

function encodeStandingBid(bid: StandingBid, currency: string): StandingBidJson {
  return {
    amount: formatAmount(bid.amountMinor, currency),
    bidder: encodePerson(bid.bidder),
    at: formatInstant(bid.at),
    seq: bid.seq,
  }
}
