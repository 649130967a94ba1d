import { useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { failureInWords } from '../state/failure.ts'
import { getAll } from '../state/get-all.ts'
import { useLive } from '../state/use-live.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'
import { Countdown } from './countdown.tsx'
import { Failure } from './failure.tsx'
import { Money } from './money.tsx'
import { SaleConsole } from './sale-console.tsx'

const refreshEveryMs = 3_000

/** The auctions made in this browser: how each goes, and the way to take one back before its first bid. */
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
          <OwnAuction key={auction.id} listed={auction} onChanged={refresh} />
        ))}
      </ul>
    </section>
  )
}

function OwnAuction({ listed, onChanged }: { listed: AuctionJson; onChanged: () => void }) {
  const { element, auction } = useLive(listed)
  const { standingBid, currency } = auction
  return (
    <li ref={element} data-phase={auction.phase}>
      <a href={`/auction/${auction.id}`} dir="auto">
        {auction.title}
      </a>
      <span class="small muted">
        {say('bidCount', { count: auction.bidCount })},{' '}
        <Money amount={standingBid?.amount ?? auction.startPrice} currency={currency} />,{' '}
        <span class="number">
          <Countdown auction={auction} />
        </span>
      </span>
      {auction.phase === 'open' && <SaleConsole auctionId={auction.id} />}
      <Cancel auction={auction} onChanged={onChanged} />
    </li>
  )
}

function Cancel({ auction, onChanged }: { auction: AuctionJson; onChanged: () => void }) {
  const { client, visitor } = useApp()
  const [failure, setFailure] = useState<string>()
  const isOwn = auction.seller.id === visitor.person.value?.id
  const isRunning = auction.phase === 'open' || auction.phase === 'scheduled'
  const cancel = async () => {
    try {
      await client.auctions.cancel(auction.id)
      setFailure(undefined)
      onChanged()
    } catch (thrown) {
      setFailure(failureInWords(thrown))
    }
  }
  if (failure === undefined && !(isOwn && auction.bidCount === 0 && isRunning)) return null
  return (
    <>
      <button class="button quiet" type="button" onClick={() => void cancel()}>
        {say('cancel')}
        <span class="visually-hidden"> {auction.title}</span>
      </button>
      {failure !== undefined && (
        <p class="small wrong" role="alert">
          {failure}
        </p>
      )}
    </>
  )
}
