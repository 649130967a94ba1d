import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { money } from '../state/amount.ts'
import type { OwnBid } from '../state/own-bid.ts'
import { refusalInWords } from '../state/refusal.ts'
import { say } from '../words/say.ts'

/** What became of the bid that this page sent last. */
export function OwnBidNote({ bid, auction }: { bid: OwnBid | undefined; auction: AuctionJson }) {
  return (
    <div aria-live="polite" class="own-bid">
      {bid !== undefined && !isOldNews(bid, auction) && (
        <Told bid={bid} currency={auction.currency} />
      )}
    </div>
  )
}

/** Once somebody bid more, or it is over, the standing says what matters. */
function isOldNews(bid: OwnBid, auction: AuctionJson): boolean {
  if (bid.state !== 'accepted') return false
  return auction.result !== null || (auction.standingBid?.seq ?? 0) > bid.seq
}

function Told({ bid, currency }: { bid: OwnBid; currency: string }) {
  switch (bid.state) {
    case 'sending':
      return <p class="notice">{say('ownSending', { amount: money(bid.amount, currency) })}</p>
    case 'unsure':
      return <p class="notice alarm">{say('ownUnsure', { amount: money(bid.amount, currency) })}</p>
    case 'accepted':
      return (
        <p class="notice good">
          {say('ownAccepted', {
            amount: money(bid.amount, currency),
            seq: bid.seq,
            ms: Math.round(bid.tookMs),
          })}
        </p>
      )
    case 'refused':
      return (
        <p class="notice alarm" role="alert">
          {refusalInWords(bid.refused, currency)}
        </p>
      )
  }
}
