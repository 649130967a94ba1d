import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { softCloseInWords } from '../state/soft-close-words.ts'
import { Instant } from './instant.tsx'
import { Money } from './money.tsx'

/** What the seller fixed before opening. */
export function Conditions({ auction }: { auction: AuctionJson }) {
  const { time } = useApp()
  const nowMs = time.now.peek()
  const { currency, increment, extensions } = auction
  return (
    <section aria-labelledby="conditions">
      <h2 id="conditions">Conditions</h2>
      <p class="rule">{softCloseInWords(auction.softClose)}</p>
      <dl class="facts">
        <dt>Start price</dt>
        <dd>
          <Money amount={auction.startPrice} currency={currency} />
        </dd>
        <dt>Increment</dt>
        <dd>
          {typeof increment === 'string' ? (
            <Money amount={increment} currency={currency} />
          ) : (
            <ul>
              {increment.map((band) => (
                <li key={band.from}>
                  <Money amount={band.step} currency={currency} /> from{' '}
                  <Money amount={band.from} currency={currency} />
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>Opens</dt>
        <dd>
          <Instant at={auction.startsAt} nowMs={nowMs} />
        </dd>
        <dt>Ends</dt>
        <dd>
          <Instant at={auction.endsAt} nowMs={nowMs} />
          {extensions > 0 && ` (extended ${extensions === 1 ? 'once' : `${extensions} times`})`}
        </dd>
      </dl>
    </section>
  )
}
