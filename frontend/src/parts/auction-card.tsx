import { useMemo, useRef } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { useKeptFocus } from '../state/kept-focus.ts'
import { priceName } from '../state/price-name.ts'
import { countdownOf } from '../state/standing.ts'
import { timeLeft } from '../state/time-left.ts'
import { useLive } from '../state/use-live.ts'
import { urgencyOf } from '../state/urgency.ts'
import { language, say } from '../words/say.ts'
import { FoundWords } from './found-words.tsx'
import { Money } from './money.tsx'
import { WatchButton } from './watch-button.tsx'

/** One auction in a list, live while it is on the screen. Drawn anew only when something of it has changed. */
export function AuctionCard(props: {
  auction: AuctionJson
  words?: string
  /** False while it is too far away to be looked after. */
  isNear?: boolean
  /** Which of how many, where not all of them are there to be counted. */
  place?: { readonly at: number; readonly of: number } | undefined
}) {
  const { element, auction, isOnScreen } = useLive(props.auction, props.isNear)
  useKeptFocus(auction.id, element)
  const personId = useApp().visitor.person.value?.id
  const words = props.words ?? ''
  const facts = useMemo(
    () => <CardFacts {...{ auction, isOnScreen, personId, words }} />,
    [auction.id, auction.epoch, auction.seq, isOnScreen, personId, words, language()],
  )
  return (
    <li
      class="card"
      role="listitem"
      ref={element}
      data-phase={auction.phase}
      aria-posinset={props.place?.at}
      aria-setsize={props.place?.of}
    >
      {facts}
    </li>
  )
}

function CardFacts(props: {
  auction: AuctionJson
  isOnScreen: boolean
  personId: string | undefined
  words: string
}) {
  const { auction, isOnScreen } = props
  const { standingBid, currency, bidCount } = auction
  const isLeading =
    auction.phase === 'open' && standingBid !== null && standingBid.bidder.id === props.personId
  // A price that was there from the beginning does not draw the eye when it is scrolled into view.
  const firstAmount = useRef(standingBid?.amount)
  return (
    <>
      <h2 dir="auto">
        <a href={`/auction/${auction.id}`}>
          <FoundWords text={auction.title} words={props.words} />
        </a>
      </h2>
      <p class="small muted">
        {say('soldBy', { seller: auction.seller.name })}
        {isLeading && <span class="tag">✓ {say('standingLeading')}</span>}
      </p>
      <div class="card-facts">
        <p data-moved={standingBid?.amount !== firstAmount.current}>
          <span class="small muted">{say(priceName(auction))}</span>
          <Money
            key={standingBid?.amount}
            amount={standingBid?.amount ?? auction.startPrice}
            currency={currency}
          />
          <span class="small muted">
            {bidCount === 0 ? say('noBidYetSmall') : say('bidCount', { count: bidCount })}
          </span>
        </p>
        <CardTime {...{ auction, isOnScreen }} />
      </div>
      <WatchButton auctionId={auction.id} />
    </>
  )
}

const phaseWords = {
  scheduled: 'startsInLabel',
  open: 'endsInLabel',
  closed: 'endedLabel',
  cancelled: 'cancelledLabel',
} as const

/** Ticks only where it can be seen: of a thousand cards, a dozen. */
function CardTime({ auction, isOnScreen }: { auction: AuctionJson; isOnScreen: boolean }) {
  const { linkTime } = useApp()
  const { nowMs, isFrozen } = isOnScreen ? linkTime.value : linkTime.peek()
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
      return <>{countdownOf(auction, nowMs)}</>
    case 'closed':
      return <>{say(auction.result?.outcome === 'sold' ? 'soldSmall' : 'passedSmall')}</>
    case 'cancelled':
      return <>—</>
  }
}
