import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { money } from '../state/amount.ts'
import { useApp } from '../state/app.ts'
import { softCloseInWords } from '../state/soft-close-words.ts'
import { Instant } from './instant.tsx'
import { Money } from './money.tsx'
import { say } from '../words/say.ts'

/** What the seller fixed before opening. */
export function Conditions({ auction }: { auction: AuctionJson }) {
  const { time } = useApp()
  const nowMs = time.now.peek()
  const { currency, increment, extensions } = auction
  return (
    <section aria-labelledby="conditions">
      <h2 id="conditions">{say('conditions')}</h2>
      <p class="rule">{softCloseInWords(auction.softClose)}</p>
      <dl class="facts">
        <dt>{say('startPrice')}</dt>
        <dd>
          <Money amount={auction.startPrice} currency={currency} />
        </dd>
        <dt>{say('increment')}</dt>
        <dd>
          {typeof increment === 'string' ? (
            <Money amount={increment} currency={currency} />
          ) : (
            <ul>
              {increment.map((band) => (
                <li key={band.from} class="number">
                  {say('stepFrom', {
                    step: money(band.step, currency),
                    from: money(band.from, currency),
                  })}
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>{say('opens')}</dt>
        <dd>
          <Instant at={auction.startsAt} nowMs={nowMs} />
        </dd>
        <dt>{say('ends')}</dt>
        <dd>
          <Instant at={auction.endsAt} nowMs={nowMs} />
          {extensions > 0 && ` ${say('extendedTimes', { count: extensions })}`}
        </dd>
      </dl>
    </section>
  )
}
