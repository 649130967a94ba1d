import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { timeLeft } from '../state/time-left.ts'
import { Countdown } from './countdown.tsx'
import { Money } from './money.tsx'
import { WatchButton } from './watch-button.tsx'
import { say } from '../words/say.ts'

/** One auction in a list. */
export function AuctionCard({ auction }: { auction: AuctionJson }) {
  const { standingBid, currency, bidCount } = auction
  return (
    <li class="card" data-phase={auction.phase}>
      <h2>
        <a href={`/auction/${auction.id}`}>{auction.title}</a>
      </h2>
      <p class="small muted">{say('soldBy', { seller: auction.seller.name })}</p>
      <div class="card-facts">
        <p>
          <span class="small muted">
            {standingBid === null ? say('startPrice') : priceName(auction)}
          </span>
          <Money amount={standingBid?.amount ?? auction.startPrice} currency={currency} />
          <span class="small muted">
            {bidCount === 0 ? say('noBidYetSmall') : say('bidCount', { count: bidCount })}
          </span>
        </p>
        <p>
          <span class="small muted">{say(phaseWords[auction.phase])}</span>
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
  scheduled: 'startsInLabel',
  open: 'openLabel',
  closed: 'endedLabel',
  cancelled: 'cancelledLabel',
} as const

function priceName(auction: AuctionJson): string {
  return say(auction.phase === 'closed' ? 'hammerPrice' : 'standingBid')
}

function CardTime({ auction }: { auction: AuctionJson }) {
  const { time } = useApp()
  switch (auction.phase) {
    case 'scheduled':
      return <>{timeLeft(Date.parse(auction.startsAt) - time.now.value)}</>
    case 'open':
      return <Countdown auction={auction} />
    case 'closed':
      return <>{say(auction.result?.outcome === 'sold' ? 'soldSmall' : 'passedSmall')}</>
    case 'cancelled':
      return <>—</>
  }
}
