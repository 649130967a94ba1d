import { useId } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { mayBid } from '../state/may-bid.ts'
import type { Room } from '../state/room.ts'
import { AmountForm } from './amount-form.tsx'
import { BidButton } from './bid-button.tsx'
import { OwnBidNote } from './own-bid.tsx'

/** The big button for the minimum, what became of the last bid beside it, and the field for more. Where one cannot bid it says why. */
export function BidControls({ room, auction }: { room: Room; auction: AuctionJson }) {
  const { linkTime, visitor, connection } = useApp()
  const whyId = useId()
  const may = mayBid({
    auction,
    personId: visitor.person.value?.id,
    isPaused: connection.value.state === 'paused',
    nowMs: linkTime.value.nowMs,
  })
  const ownState = room.ownBid.value?.state
  const isOnItsWay = ownState === 'sending' || ownState === 'unsure'
  const isDisabled = !may.ok || isOnItsWay
  const bid = (amount: string) => void room.bid(amount)
  return (
    <div class="bid-controls">
      <div class="bid-bar">
        {auction.minimumNextBid !== null && (
          <BidButton
            amount={auction.minimumNextBid}
            currency={auction.currency}
            isDisabled={isDisabled}
            isSending={isOnItsWay}
            describedBy={may.ok ? undefined : whyId}
            onBid={bid}
          />
        )}
        <OwnBidNote bid={room.ownBid.value} auction={auction} />
      </div>
      {!may.ok && (
        <p class="small muted" id={whyId}>
          {may.why}
        </p>
      )}
      <AmountForm auction={auction} isDisabled={isDisabled} onBid={bid} />
    </div>
  )
}
