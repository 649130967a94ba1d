import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { PersonJson } from '../../../src/protocol/person.ts'
import { money } from './amount.ts'
import { shownName } from './person-name.ts'
import { timeLeft } from './time-left.ts'
import { say } from '../words/say.ts'

/** Where somebody stands in an auction, as a word for the page and its colour. */
export interface Standing {
  readonly kind: 'waiting' | 'open' | 'leading' | 'outbid' | 'closing' | 'won' | 'ended' | 'paused'
  readonly words: string
}

export interface Viewpoint {
  readonly auction: AuctionJson
  readonly personId: string | undefined
  /** Whether this person has a bid in the journal. */
  readonly hasBid: boolean
  readonly isPaused: boolean
  readonly nowMs: number
}

/** Told from what the journal says, never from what was sent: a bid leads when the node says so, an auction ends likewise. */
export function standingOf(viewpoint: Viewpoint): Standing {
  const { auction, personId, hasBid, isPaused, nowMs } = viewpoint
  const isMine = (id: string | undefined) => id !== undefined && id === personId
  switch (auction.phase) {
    case 'cancelled':
      return { kind: 'ended', words: say('standingCancelled') }
    case 'closed':
      return isMine(auction.result?.winner?.id)
        ? { kind: 'won', words: say('standingWon') }
        : { kind: 'ended', words: say('standingEnded') }
    case 'scheduled':
      if (isPaused) return { kind: 'paused', words: say('standingPaused') }
      return { kind: 'waiting', words: say('standingWaiting') }
    case 'open':
      if (isPaused) return { kind: 'paused', words: say('standingPaused') }
      if (isOver(auction, nowMs)) return { kind: 'closing', words: say('standingClosing') }
      if (isMine(auction.standingBid?.bidder.id))
        return { kind: 'leading', words: say('standingLeading') }
      return hasBid
        ? { kind: 'outbid', words: say('standingOutbid') }
        : { kind: 'open', words: say('standingOpen') }
  }
}

/** What belongs to the standing: against whom, at what price. */
export function standingDetail(
  kind: Standing['kind'],
  auction: AuctionJson,
  masksNames: boolean,
): string {
  const { standingBid, result, currency } = auction
  const amount = money(standingBid?.amount ?? auction.startPrice, currency)
  const name = (person: PersonJson | undefined) =>
    person === undefined ? '' : shownName(person, masksNames)
  const bidder = name(standingBid?.bidder)
  switch (kind) {
    case 'leading':
      return say('detailLeading', { amount })
    case 'outbid':
      return say('detailOutbid', { bidder, amount })
    case 'open':
      return standingBid === null ? say('detailNoBid') : say('detailOpen', { bidder, amount })
    case 'closing':
      return say('detailClosing')
    case 'won':
      return say('detailWon', { amount })
    case 'ended':
      if (auction.phase === 'cancelled') return say('detailCancelled')
      return result?.outcome === 'sold'
        ? say('detailSold', { bidder: name(result.winner) || bidder, amount })
        : say('detailPassed')
    case 'paused':
      return say('timeIsKept')
    case 'waiting':
      return say('detailWaiting', { amount })
  }
}

/** Whether the end in force has passed by our reckoning: the node may still move it, and it alone closes. */
function isOver(auction: AuctionJson, nowMs: number): boolean {
  return Date.parse(auction.endsAt) <= nowMs
}

/** What a countdown shows: the time to the start or the end, and "closing…" until the node has said that it is closed. */
export function countdownOf(auction: AuctionJson, nowMs: number): string {
  switch (auction.phase) {
    case 'scheduled':
      return Date.parse(auction.startsAt) <= nowMs
        ? say('openingDots')
        : timeLeft(Date.parse(auction.startsAt) - nowMs)
    case 'open':
      return isOver(auction, nowMs)
        ? say('closingDots')
        : timeLeft(Date.parse(auction.endsAt) - nowMs)
    case 'closed':
      return say('endedCount')
    case 'cancelled':
      return say('cancelledCount')
  }
}
