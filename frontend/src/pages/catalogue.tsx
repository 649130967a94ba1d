import { useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { AuctionJson, Phase } from '../../../src/protocol/auction.ts'
import { AuctionCard } from '../parts/auction-card.tsx'
import { Empty } from '../parts/empty.tsx'
import { Failure } from '../parts/failure.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { type App, useApp } from '../state/app.ts'
import { useRefreshed } from '../state/use-refreshed.ts'
import { say } from '../words/say.ts'

const refreshEveryMs = 3_000
const pageItems = 48
/** Pages that one screen may grow to. */
const pagesMax = 10

const filters = [
  ['open', 'phaseOpen'],
  ['scheduled', 'phaseScheduled'],
  ['closed', 'phaseClosed'],
  ['all', 'phaseAll'],
] as const
type Filter = (typeof filters)[number][0]

export function CataloguePage() {
  const { query } = useLocation()
  const asked = filters.find(([filter]) => filter === query['phase'])
  const filter = asked?.[0] ?? 'open'
  return (
    <>
      <PageHead title={say('catalogue')}>
        <a class="button primary" href="/sell">
          {say('sellSomething')}
        </a>
      </PageHead>
      <nav class="chips filters" aria-label={say('phase')}>
        {filters.map(([name, words]) => (
          <a
            key={name}
            class="chip"
            href={name === 'open' ? '/' : `/?phase=${name}`}
            aria-current={name === filter ? 'true' : undefined}
          >
            {say(words)}
          </a>
        ))}
      </nav>
      <AuctionList key={filter} filter={filter} />
    </>
  )
}

function AuctionList({ filter }: { filter: Filter }) {
  const app = useApp()
  const [pageCount, setPageCount] = useState(1)
  const { value, error, refresh } = useRefreshed(`${filter} ${pageCount}`, refreshEveryMs, () =>
    listPages(app, filter === 'all' ? undefined : filter, pageCount),
  )
  const list = useLast(value)
  if (list === undefined) {
    return error === undefined ? (
      <p class="muted">{say('looking')}</p>
    ) : (
      <Failure error={error} onRetry={refresh} />
    )
  }
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={refresh} />}
      {list.items.length === 0 ? (
        <Nothing filter={filter} />
      ) : (
        <ul class="cards" aria-label={say('auctions')}>
          {list.items.map((auction) => (
            <AuctionCard key={auction.id} auction={auction} />
          ))}
        </ul>
      )}
      {list.hasMore && pageCount < pagesMax && (
        <p class="more">
          <button class="button" type="button" onClick={() => setPageCount(pageCount + 1)}>
            {say('showMore')}
          </button>
        </p>
      )}
    </>
  )
}

function Nothing({ filter }: { filter: Filter }) {
  const words = {
    open: 'noneOpen',
    scheduled: 'noneScheduled',
    closed: 'noneClosed',
    all: 'noneAtAll',
  } as const
  return (
    <Empty>
      <p>{say(words[filter])}</p>
      <p>
        <a href="/sell">{say('sellSomething')}</a>
        {filter === 'open' && (
          <>
            {' · '}
            <a href="/?phase=all">{say('seeAll')}</a>
          </>
        )}
      </p>
    </Empty>
  )
}

async function listPages(app: App, phase: Phase | undefined, pageCount: number) {
  const items: AuctionJson[] = []
  let cursor: string | null = null
  for (let page = 0; page < pageCount; page++) {
    const answer = await app.client.auctions.list({
      limit: pageItems,
      ...(phase === undefined ? {} : { phase }),
      ...(cursor === null ? {} : { cursor }),
    })
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === null) break
  }
  const newest = items.at(-1)
  if (newest !== undefined) app.time.note(newest.serverTime)
  return { items, hasMore: cursor !== null }
}

/** The last value there was: a longer list loads while the shorter one stays. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef<T>(undefined)
  if (value !== undefined) last.current = value
  return last.current
}
