import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { timeLeft } from '../state/time-left.ts'
import { Countdown } from './countdown.tsx'
import { Money } from './money.tsx'
import { WatchButton } from './watch-button.tsx'

/** One auction in a list. */
export function AuctionCard({ auction }: { auction: AuctionJson }) {
  const { standingBid, currency, bidCount } = auction
  return (
    <li class="card" data-phase={auction.phase}>
      <h2>
        <a href={`/auction/${auction.id}`}>{auction.title}</a>
      </h2>
      <p class="small muted">Sold by {auction.seller.name}</p>
      <div class="card-facts">
        <p>
          <span class="small muted">
            {standingBid === null ? 'Start price' : priceName(auction)}
          </span>
          <Money amount={standingBid?.amount ?? auction.startPrice} currency={currency} />
          <span class="small muted">
            {bidCount === 0 ? 'no bid yet' : `${bidCount} ${bidCount === 1 ? 'bid' : 'bids'}`}
          </span>
        </p>
        <p>
          <span class="small muted">{phaseWords[auction.phase]}</span>
          <span class="number">
            <CardTime auction={auction} />
          </span>
        </p>
      </div>
      <WatchButton auctionId={auction.id} />
    </li>
  )
}

const phaseWords = {
  scheduled: 'Starts in',
  open: 'Open',
  closed: 'Ended',
  cancelled: 'Cancelled',
} as const

function priceName(auction: AuctionJson): string {
  return auction.phase === 'closed' ? 'Hammer price' : 'Standing bid'
}

function CardTime({ auction }: { auction: AuctionJson }) {
  const { time } = useApp()
  switch (auction.phase) {
    case 'scheduled':
      return <>{timeLeft(Date.parse(auction.startsAt) - time.now.value)}</>
    case 'open':
      return <Countdown auction={auction} />
    case 'closed':
      return <>{auction.result?.outcome === 'sold' ? 'sold' : 'passed'}</>
    case 'cancelled':
      return <>—</>
  }
}
