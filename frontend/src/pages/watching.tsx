import { AuctionCard } from '../parts/auction-card.tsx'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { useApp } from '../state/app.ts'
import { getAll } from '../state/get-all.ts'
import { useRefreshed } from '../state/use-refreshed.ts'

const refreshEveryMs = 3_000

export function WatchingPage() {
  const app = useApp()
  const ids = app.watchlist.ids.value
  const { value, error, refresh } = useRefreshed(ids.join(' '), refreshEveryMs, () =>
    getAll(app, app.watchlist),
  )
  return (
    <>
      <PageHead title="Watching" />
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {ids.length === 0 ? (
        <Empty>
          <p>You watch no auction yet. What you mark with “Watch” stays here, in this browser.</p>
          <p>
            <a href="/">See the catalogue</a>
          </p>
        </Empty>
      ) : value === undefined ? (
        <p class="muted">Looking…</p>
      ) : (
        <ul class="cards" aria-label="Watched auctions">
          {value.map((auction) => (
            <AuctionCard key={auction.id} auction={auction} />
          ))}
        </ul>
      )}
    </>
  )
}
