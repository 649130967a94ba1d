import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { useLive } from '../state/use-live.ts'
import { timeLeft } from '../state/time-left.ts'
import { urgencyOf } from '../state/urgency.ts'
import { say } from '../words/say.ts'
import { Countdown } from './countdown.tsx'
import { FoundWords } from './found-words.tsx'
import { Money } from './money.tsx'
import { WatchButton } from './watch-button.tsx'

/** One auction in a list, live while it is on the screen. */
export function AuctionCard(props: { auction: AuctionJson; words?: string }) {
  const { element, auction } = useLive(props.auction)
  const { visitor } = useApp()
  const { standingBid, currency, bidCount } = auction
  const isLeading =
    auction.phase === 'open' &&
    standingBid !== null &&
    standingBid.bidder.id === visitor.person.value?.id
  return (
    <li class="card" ref={element} data-phase={auction.phase}>
      <h2 dir="auto">
        <a href={`/auction/${auction.id}`}>
          <FoundWords text={auction.title} words={props.words ?? ''} />
        </a>
      </h2>
      <p class="small muted">
        {say('soldBy', { seller: auction.seller.name })}
        {isLeading && <span class="tag">✓ {say('standingLeading')}</span>}
      </p>
      <div class="card-facts">
        <p>
          <span class="small muted">
            {standingBid === null ? say('startPrice') : priceName(auction)}
          </span>
          <Money
            key={standingBid?.amount}
            amount={standingBid?.amount ?? auction.startPrice}
            currency={currency}
          />
          <span class="small muted">
            {bidCount === 0 ? say('noBidYetSmall') : say('bidCount', { count: bidCount })}
          </span>
        </p>
        <CardTime auction={auction} />
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
  const { linkTime } = useApp()
  const { nowMs, isFrozen } = linkTime.value
  const urgency = urgencyOf(auction, nowMs)
  return (
    <p data-urgency={isFrozen && auction.phase === 'open' ? 'frozen' : urgency}>
      <span class="small muted">
        {urgency === 'minute' || urgency === 'seconds'
          ? say(urgency === 'minute' ? 'urgencyMinute' : 'urgencySeconds')
          : say(phaseWords[auction.phase])}
      </span>
      <span class="number">
        <TimeWords auction={auction} nowMs={nowMs} />
      </span>
    </p>
  )
}

function TimeWords({ auction, nowMs }: { auction: AuctionJson; nowMs: number }) {
  switch (auction.phase) {
    case 'scheduled':
      return <>{timeLeft(Date.parse(auction.startsAt) - nowMs)}</>
    case 'open':
      return <Countdown auction={auction} />
    case 'closed':
      return <>{say(auction.result?.outcome === 'sold' ? 'soldSmall' : 'passedSmall')}</>
    case 'cancelled':
      return <>—</>
  }
}
