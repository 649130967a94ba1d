import { AuctionCard } from '../parts/auction-card.tsx'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Skeletons } from '../parts/skeletons.tsx'
import { useApp } from '../state/app.ts'
import { getAll } from '../state/get-all.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'

const refreshEveryMs = 3_000

export function WatchingPage() {
  const app = useApp()
  const ids = app.watchlist.ids.value
  const { value, error, refresh } = useRefreshed(ids.join(' '), refreshEveryMs, () =>
    getAll(app, app.watchlist),
  )
  return (
    <>
      <PageHead title={say('watching')} />
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {ids.length === 0 ? (
        <Empty>
          <p>{say('noneWatched')}</p>
          <p>
            <a href="/">{say('seeCatalogue')}</a>
          </p>
        </Empty>
      ) : value === undefined ? (
        <Skeletons />
      ) : (
        <ul class="cards" aria-label={say('watchedAuctions')}>
          {value.map((auction) => (
            <AuctionCard key={auction.id} auction={auction} />
          ))}
        </ul>
      )}
    </>
  )
}
