import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { money } from '../state/amount.ts'
import { useApp } from '../state/app.ts'
import { shownName } from '../state/person-name.ts'
import { priceName } from '../state/price-name.ts'
import type { Room } from '../state/room.ts'
import { say } from '../words/say.ts'
import { BidControls } from './bid-controls.tsx'
import { ClockNote } from './clock-note.tsx'
import { CountdownRing } from './countdown-ring.tsx'
import { ExtensionFlash } from './extension-flash.tsx'
import { Money } from './money.tsx'
import { OwnBidNote } from './own-bid.tsx'
import { Result } from './result.tsx'
import { RoomVoice } from './room-voice.tsx'
import { StandingBanner } from './standing.tsx'

/** Price, time, standing, and the way to bid. */
export function BiddingPanel({ room, auction }: { room: Room; auction: AuctionJson }) {
  const { visitor } = useApp()
  const isRunning = auction.phase === 'open' || auction.phase === 'scheduled'
  const hasBid = room.hasBidOf(visitor.person.value?.id)
  return (
    <section class="panel" aria-label={say('bidding')} data-phase={auction.phase}>
      <StandingBanner {...{ auction, hasBid }} />
      <div class="panel-top">
        <Price auction={auction} personId={visitor.person.value?.id} />
        <CountdownRing auction={auction} />
      </div>
      <ExtensionFlash auction={auction} />
      {isRunning ? (
        <>
          <BidControls room={room} auction={auction} />
          <ClockNote />
        </>
      ) : (
        <>
          <Result auction={auction} />
          <OwnBidNote bid={room.ownBid.value} auction={auction} />
        </>
      )}
      <RoomVoice {...{ auction, hasBid }} events={room.history.value} />
    </section>
  )
}

function Price({ auction, personId }: { auction: AuctionJson; personId: string | undefined }) {
  const { preferences } = useApp()
  const { standingBid, currency, bidCount } = auction
  const amount = standingBid?.amount ?? auction.startPrice
  const shown = money(amount, currency)
  return (
    <div class="price">
      <p class="small muted">{say(priceName(auction))}</p>
      <p
        class="amount"
        data-length={shown.length > 10 ? 'long' : shown.length > 7 ? 'middle' : 'short'}
        key={amount}
      >
        <Money amount={amount} currency={currency} />
      </p>
      <p class="small muted">
        {standingBid === null
          ? say('noBidYet')
          : say('bidsBy', {
              count: bidCount,
              bidder:
                standingBid.bidder.id === personId
                  ? say('youSmall')
                  : shownName(standingBid.bidder, preferences.value.value.masksNames),
            })}
      </p>
    </div>
  )
}
