import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { CardList } from '../parts/card-list.tsx'
import { CatalogueFilters } from '../parts/catalogue-filters.tsx'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Skeletons } from '../parts/skeletons.tsx'
import { useApp } from '../state/app.ts'
import { findAuctions, searchedMax } from '../state/catalogue-list.ts'
import { pick, queryPath, readQuery, type CatalogueQuery } from '../state/catalogue-query.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'

/** Cards follow their auctions by themselves; this is for those that come and go. A long list is asked for less often. */
const refreshEveryMs = 3_000
const pageItems = 48
const longItems = 200

export function CataloguePage() {
  const { query: asked } = useLocation()
  const query = readQuery(asked)
  return (
    <>
      <PageHead title={say('catalogue')}>
        <a class="button primary" href="/sell">
          {say('sellSomething')}
        </a>
      </PageHead>
      <CatalogueFilters query={query} />
      <AuctionList key={`${query.phase} ${query.sort}`} query={query} />
    </>
  )
}

function AuctionList({ query }: { query: CatalogueQuery }) {
  const app = useApp()
  const [shownMax, setShownMax] = useState(pageItems)
  const key = `${queryPath(query)} ${shownMax}`
  const everyMs = refreshEveryMs * Math.ceil(shownMax / longItems)
  const { value, error, refresh } = useRefreshed(key, everyMs, () =>
    findAuctions(app, query, shownMax),
  )
  const list = useLast(value)
  // Until the nodes have answered a new search, what was there is looked through: nobody opens what they did not ask for.
  const items = value === undefined ? pick(list?.items ?? [], query) : value.items
  if (list === undefined || (value === undefined && items.length === 0)) {
    return error === undefined ? <Skeletons /> : <Failure error={error} onRetry={refresh} />
  }
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {items.length === 0 ? (
        <Nothing query={query} />
      ) : (
        <CardList auctions={items} words={query.words} label={say('auctions')} />
      )}
      {list.isCut && <p class="more small muted">{say('searchedFirst', { count: searchedMax })}</p>}
      {list.hasMore && shownMax < searchedMax && (
        <p class="more">
          <button class="button" type="button" onClick={() => setShownMax(shownMax + pageItems)}>
            {say('showMore')}
          </button>
        </p>
      )}
    </>
  )
}

function Nothing({ query }: { query: CatalogueQuery }) {
  const words = {
    open: 'noneOpen',
    scheduled: 'noneScheduled',
    closed: 'noneClosed',
    all: 'noneAtAll',
  } as const
  const isSearch = query.words.trim() !== ''
  return (
    <Empty>
      <p>{isSearch ? say('noneFound', { words: query.words }) : say(words[query.phase])}</p>
      <p>
        {isSearch ? (
          <a href={queryPath({ ...query, words: '' })}>{say('searchNoMore')}</a>
        ) : (
          <a href="/sell">{say('sellSomething')}</a>
        )}
        {query.phase === 'open' && (
          <>
            {' · '}
            <a href={queryPath({ ...query, phase: 'all' })}>{say('seeAll')}</a>
          </>
        )}
      </p>
    </Empty>
  )
}

/** The last value there was: a longer list loads while the shorter one stays. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef<T>(undefined)
  if (value !== undefined) last.current = value
  return last.current
}
