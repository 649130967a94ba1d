import { useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { failureInWords } from '../state/failure.ts'
import { getAll } from '../state/get-all.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { Countdown } from './countdown.tsx'
import { Failure } from './failure.tsx'
import { Money } from './money.tsx'
import { say } from '../words/say.ts'

const refreshEveryMs = 3_000

/** The auctions made in this browser, with the way to take one back before its first bid. */
export function OwnAuctions() {
  const app = useApp()
  const ids = app.ownAuctions.ids.value
  const { value, error, refresh } = useRefreshed(ids.join(' '), refreshEveryMs, () =>
    getAll(app, app.ownAuctions),
  )
  if (ids.length === 0) return null
  return (
    <section class="stack" aria-labelledby="own-auctions">
      <h2 id="own-auctions">{say('yourAuctions')}</h2>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      <ul class="rows" aria-labelledby="own-auctions">
        {(value ?? []).map((auction) => (
          <OwnAuction key={auction.id} auction={auction} onChanged={refresh} />
        ))}
      </ul>
    </section>
  )
}

function OwnAuction({ auction, onChanged }: { auction: AuctionJson; onChanged: () => void }) {
  const { client, visitor } = useApp()
  const [failure, setFailure] = useState<string>()
  const { standingBid, currency } = auction
  const isOwn = auction.seller.id === visitor.person.value?.id
  const mayCancel = isOwn && auction.bidCount === 0 && isRunning(auction)
  const cancel = async () => {
    try {
      await client.auctions.cancel(auction.id)
      setFailure(undefined)
      onChanged()
    } catch (thrown) {
      setFailure(failureInWords(thrown))
    }
  }
  return (
    <li>
      <a href={`/auction/${auction.id}`}>{auction.title}</a>
      <span class="small muted">
        {say('bidCount', { count: auction.bidCount })},{' '}
        <Money amount={standingBid?.amount ?? auction.startPrice} currency={currency} />,{' '}
        <span class="number">
          <Countdown auction={auction} />
        </span>
      </span>
      {mayCancel && (
        <button class="button quiet" type="button" onClick={() => void cancel()}>
          {say('cancel')}
          <span class="visually-hidden"> {auction.title}</span>
        </button>
      )}
      {failure !== undefined && (
        <p class="small wrong" role="alert">
          {failure}
        </p>
      )}
    </li>
  )
}

function isRunning(auction: AuctionJson): boolean {
  return auction.phase === 'open' || auction.phase === 'scheduled'
}
