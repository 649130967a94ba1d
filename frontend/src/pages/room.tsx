import { useEffect, useState } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { BidWay } from '../parts/bid-way.tsx'
import { BiddingPanel } from '../parts/bidding-panel.tsx'
import { Conditions } from '../parts/conditions.tsx'
import { Empty } from '../parts/empty.tsx'
import { History } from '../parts/history.tsx'
import { Leaderboard } from '../parts/leaderboard.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { PriceChart } from '../parts/price-chart.tsx'
import { QrButton } from '../parts/qr-button.tsx'
import { ShareButton } from '../parts/share-button.tsx'
import { WatchButton } from '../parts/watch-button.tsx'
import { useApp } from '../state/app.ts'
import { openRoom, type Room } from '../state/room.ts'
import { say } from '../words/say.ts'

/** As nodes make them; anything else need not be asked for. */
const idPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export function RoomPage() {
  const { params } = useRoute()
  const auctionId = params['id'] ?? ''
  if (!idPattern.test(auctionId)) return <Missing />
  return <OpenRoom key={auctionId} auctionId={auctionId} />
}

function Missing() {
  return (
    <>
      <PageHead title={say('noSuchAuction')} />
      <Empty>
        <p>{say('noAuctionAtAddress')}</p>
        <p>
          <a href="/">{say('seeCatalogue')}</a>
        </p>
      </Empty>
    </>
  )
}

function OpenRoom({ auctionId }: { auctionId: string }) {
  const { client, visitor, clock, entropy, frames, resumed, lastBid } = useApp()
  const [room, setRoom] = useState<Room>()
  useEffect(() => {
    const opened = openRoom({
      ...{ client, auctionId, visitor, clock, entropy, frames, resumed, lastBid },
    })
    setRoom(opened)
    return () => opened.close()
  }, [])
  if (room === undefined) return <Entering />
  if (room.isMissing.value) return <Missing />
  return room.auction.value === undefined ? <Entering /> : <Inside room={room} />
}

function Entering() {
  return (
    <>
      <PageHead title={say('auction')} />
      <p class="muted">{say('entering')}</p>
    </>
  )
}

function Inside({ room }: { room: Room }) {
  const auction = room.auction.value
  const watcherCount = room.watcherCount.value
  if (auction === undefined) return null
  return (
    <article class="room">
      <div class="lot-head">
        <PageHead title={auction.title} />
        <div class="lot-by">
          <p class="muted">
            {say('soldBy', { seller: auction.seller.name })}
            {watcherCount !== undefined &&
              watcherCount > 1 &&
              `, ${say('peopleHere', { count: watcherCount })}`}
          </p>
          <WatchButton auctionId={auction.id} shortcut="w" />
          <ShareButton title={auction.title} />
          <QrButton title={auction.title} />
        </div>
      </div>
      <BiddingPanel room={room} auction={auction} />
      <div class="lot">
        {auction.description !== '' && (
          <p class="description" dir="auto">
            {auction.description}
          </p>
        )}
        <PriceChart auction={auction} events={room.history.value} />
        <History room={room} currency={auction.currency} />
      </div>
      <div class="beside">
        <Leaderboard events={room.history.value} currency={auction.currency} />
        <BidWay />
        <Conditions auction={auction} />
      </div>
    </article>
  )
}
