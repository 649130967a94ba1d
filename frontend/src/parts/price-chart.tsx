import { useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { EventJson } from '../../../src/protocol/event.ts'
import { money } from '../state/amount.ts'
import { useApp } from '../state/app.ts'
import { shownName } from '../state/person-name.ts'
import { pricePathOf } from '../state/price-path.ts'
import { say } from '../words/say.ts'
import { Instant } from './instant.tsx'
import { Money } from './money.tsx'

/** Bids that the table lists; all are in the history. */
const rowsMax = 50

/** How the price rose, as a drawing and, for whoever cannot use that, as a table. */
export function PriceChart(props: { auction: AuctionJson; events: readonly EventJson[] }) {
  const { time, visitor } = useApp()
  const { auction, events } = props
  const path = pricePathOf(events, {
    currency: auction.currency,
    startPrice: auction.startPrice,
    startsAtMs: Date.parse(auction.startsAt),
    endsAtMs: Date.parse(auction.endsAt),
    nowMs: time.now.peek(),
    personId: visitor.person.value?.id,
  })
  if (path === undefined) return null
  const top = money(auction.standingBid?.amount ?? auction.startPrice, auction.currency)
  const bottom = money(auction.startPrice, auction.currency)
  return (
    <section class="chart" aria-labelledby="chart">
      <h2 id="chart">{say('price')}</h2>
      <div class="plot">
        <svg
          viewBox="0 0 100 100"
          preserveAspectRatio="none"
          role="img"
          aria-label={say('chartLabel', { from: bottom, to: top })}
        >
          {path.bands.map(({ x, width }, index) => (
            <rect key={index} class="band" x={x} y="0" width={width} height="100" />
          ))}
          <path class="area" d={`${path.line}V100H0Z`} />
          <path class="line" d={path.line} />
          <path class="dot" d={path.dots} />
          <path class="dot own" d={path.ownDots} />
        </svg>
        <span class="plot-top small number">{top}</span>
        <span class="plot-bottom small number muted">{bottom}</span>
      </div>
      {path.bands.length > 0 && <p class="small muted">{say('chartBands')}</p>}
      <PriceTable {...{ auction, events }} />
    </section>
  )
}

/** Made only while it is open: at fifty bids a second a closed one would cost more than all else. */
function PriceTable(props: { auction: AuctionJson; events: readonly EventJson[] }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary class="small">{say('asTable')}</summary>
      {isOpen && <BidRows {...props} />}
    </details>
  )
}

function BidRows({ auction, events }: { auction: AuctionJson; events: readonly EventJson[] }) {
  const { time, preferences } = useApp()
  const { masksNames } = preferences.value.value
  const bids = events.filter((event) => event.type === 'BidAccepted').slice(-rowsMax)
  return (
    <div class="table" role="group" aria-label={say('price')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('when')}</th>
            <th scope="col">{say('bidder')}</th>
            <th scope="col">{say('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {bids.toReversed().map((bid) => (
            <tr key={bid.seq}>
              <td>
                <Instant at={bid.at} nowMs={time.now.peek()} />
              </td>
              <td>{shownName(bid.bidder, masksNames)}</td>
              <td>
                <Money amount={bid.amount} currency={auction.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
