import { useId } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { mayBid } from '../state/may-bid.ts'
import type { Room } from '../state/room.ts'
import { AmountForm } from './amount-form.tsx'
import { BidButton } from './bid-button.tsx'
import { Countdown } from './countdown.tsx'
import { Money } from './money.tsx'
import { OwnBidNote } from './own-bid.tsx'
import { Result } from './result.tsx'
import { Standing } from './standing.tsx'
import { say } from '../words/say.ts'

/** Price, time, standing, and the way to bid. */
export function BiddingPanel({ room, auction }: { room: Room; auction: AuctionJson }) {
  const { visitor } = useApp()
  const isRunning = auction.phase === 'open' || auction.phase === 'scheduled'
  return (
    <section class="panel" aria-label={say('bidding')} data-phase={auction.phase}>
      <div class="panel-top">
        <Standing auction={auction} hasBid={room.hasBidOf(visitor.person.value?.id)} />
        <p class="time-left">
          <span class="visually-hidden">{say('timeLeft')}: </span>
          <span role="timer" aria-label={say('timeLeft')}>
            <Countdown auction={auction} />
          </span>
        </p>
      </div>
      <Price auction={auction} personId={visitor.person.value?.id} />
      {isRunning ? <BidControls room={room} auction={auction} /> : <Result auction={auction} />}
      <OwnBidNote bid={room.ownBid.value} auction={auction} />
    </section>
  )
}

function Price({ auction, personId }: { auction: AuctionJson; personId: string | undefined }) {
  const { standingBid, currency, bidCount } = auction
  return (
    <div class="price">
      <p class="small muted">{say(standingBid === null ? 'startPrice' : 'standingBid')}</p>
      <p class="amount">
        <Money amount={standingBid?.amount ?? auction.startPrice} currency={currency} />
      </p>
      <p class="small muted">
        {standingBid === null
          ? say('noBidYet')
          : say('bidsBy', {
              count: bidCount,
              bidder:
                standingBid.bidder.id === personId ? say('youSmall') : standingBid.bidder.name,
            })}
      </p>
    </div>
  )
}

function BidControls({ room, auction }: { room: Room; auction: AuctionJson }) {
  const { time, visitor, connection } = useApp()
  const whyId = useId()
  const may = mayBid({
    auction,
    personId: visitor.person.value?.id,
    isPaused: connection.value.state === 'paused',
    nowMs: time.now.value,
  })
  const ownState = room.ownBid.value?.state
  const isOnItsWay = ownState === 'sending' || ownState === 'unsure'
  const isDisabled = !may.ok || isOnItsWay
  const bid = (amount: string) => void room.bid(amount)
  return (
    <div class="bid-controls">
      {auction.minimumNextBid !== null && (
        <BidButton
          amount={auction.minimumNextBid}
          currency={auction.currency}
          isDisabled={isDisabled}
          describedBy={may.ok ? undefined : whyId}
          onBid={bid}
        />
      )}
      {!may.ok && (
        <p class="small muted" id={whyId}>
          {may.why}
        </p>
      )}
      <AmountForm auction={auction} isDisabled={isDisabled} onBid={bid} />
    </div>
  )
}
