import { softCloseEnd } from '../../../src/auction/soft-close.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { compareAmounts, money, readAmount } from './amount.ts'
import { spanInWords } from './time-left.ts'
import { say } from '../words/say.ts'

export type MayBid = { ok: true } | { ok: false; why: string }

/** Whether the page offers to bid. The node decides anew; this only spares people refusals that are certain. */
export function mayBid(given: {
  auction: AuctionJson
  personId: string | undefined
  isPaused: boolean
  nowMs: number
}): MayBid {
  const { auction, personId, isPaused, nowMs } = given
  if (isPaused) {
    return { ok: false, why: say('mayNotPaused') }
  }
  if (auction.phase === 'scheduled' && nowMs < Date.parse(auction.startsAt)) {
    return { ok: false, why: say('mayNotYet') }
  }
  if (personId === auction.seller.id) {
    return { ok: false, why: say('mayNotSeller') }
  }
  if (!auction.mayRaiseOwnBid && isLeading(auction, personId)) {
    return { ok: false, why: say('mayNotOwnBid') }
  }
  return { ok: true }
}

export type Preview =
  { ok: true; amount: string; note: string | undefined } | { ok: false; why: string }

/** What would become of a bid that somebody is typing, by the same rules as the node's. */
export function previewBid(auction: AuctionJson, text: string, nowMs: number): Preview {
  const read = readAmount(text, auction.currency)
  if (!read.ok) return read
  const minimum = auction.minimumNextBid
  if (minimum !== null && compareAmounts(read.amount, minimum, auction.currency) < 0) {
    return { ok: false, why: say('minimumIs', { amount: money(minimum, auction.currency) }) }
  }
  return { ok: true, amount: read.amount, note: extensionNote(auction, nowMs) }
}

function extensionNote(auction: AuctionJson, nowMs: number): string | undefined {
  const { softClose } = auction
  const endsAt = Date.parse(auction.endsAt)
  if (softClose === null || auction.phase !== 'open' || nowMs >= endsAt) return undefined
  const { windowMs, extensionMs, mode, maxExtensions, hardEndsAt } = softClose
  const newEnd = softCloseEnd({
    softClose: {
      windowMs,
      extensionMs,
      mode,
      ...(maxExtensions === undefined ? {} : { maxExtensions }),
      ...(hardEndsAt === undefined ? {} : { hardEndsAt: Date.parse(hardEndsAt) }),
    },
    endsAt,
    at: nowMs,
    extensionCount: auction.extensions,
    creditedMs: 0,
  })
  if (newEnd === undefined) return undefined
  return say('bidNowAdds', { span: spanInWords(Math.round((newEnd - endsAt) / 1000) * 1000) })
}

function isLeading(auction: AuctionJson, personId: string | undefined): boolean {
  return personId !== undefined && auction.standingBid?.bidder.id === personId
}
