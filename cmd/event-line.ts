import pc from 'picocolors'
import type { EventJson } from '../src/protocol/event.ts'
import { unreachable } from '../src/lib/assert.ts'
import { visible } from './visible.ts'

/** One event for people: seq, time of day, what happened. */
export function eventLine(event: EventJson, currency: string): string {
  const time = event.at.slice(11, 23)
  return `${String(event.seq).padStart(5)} ${pc.dim(time)} ${whatHappened(event, currency)}`
}

function whatHappened(event: EventJson, currency: string): string {
  switch (event.type) {
    case 'AuctionCreated':
      return `created by ${visible(event.seller.name)}`
    case 'AuctionOpened':
      return 'open'
    case 'BidAccepted':
      return `${pc.bold(`${event.amount} ${currency}`)} ${visible(event.bidder.name)}`
    case 'AuctionExtended':
      return `extended to ${event.endsAt.slice(11, 19)} (${event.reason})`
    case 'AuctionClosed': {
      const { outcome, hammerPrice, winner } = event.result
      if (outcome === 'passed') return pc.yellow('passed: no sale')
      return pc.green(
        `sold to ${visible(winner?.name ?? 'nobody')} for ${hammerPrice ?? ''} ${currency}`,
      )
    }
    case 'AuctionCancelled':
      return pc.yellow('cancelled by the seller')
    default:
      return unreachable(event)
  }
}
