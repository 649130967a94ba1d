import { useLocation } from 'preact-iso'
import {
  phaseFilters,
  queryPath,
  sorts,
  type CatalogueQuery,
  type Sort,
} from '../state/catalogue-query.ts'
import { say } from '../words/say.ts'

const phaseWords = {
  open: 'phaseOpen',
  scheduled: 'phaseScheduled',
  closed: 'phaseClosed',
  all: 'phaseAll',
} as const
const sortWords = {
  ending: 'sortEnding',
  newest: 'sortNewest',
  bids: 'sortBids',
  price: 'sortPrice',
} as const

/** Phase, order and words. All of it stands in the address. */
export function CatalogueFilters({ query }: { query: CatalogueQuery }) {
  const { route } = useLocation()
  const change = (part: Partial<CatalogueQuery>) => route(queryPath({ ...query, ...part }), true)
  return (
    <div class="filters">
      <nav class="chips" aria-label={say('phase')}>
        {phaseFilters.map((phase) => (
          <a
            key={phase}
            class="chip"
            href={queryPath({ ...query, phase })}
            aria-current={phase === query.phase ? 'true' : undefined}
          >
            {say(phaseWords[phase])}
          </a>
        ))}
      </nav>
      <search class="search">
        <input
          type="search"
          aria-label={say('search')}
          placeholder={say('search')}
          value={query.words}
          maxLength={100}
          data-shortcut="/"
          onInput={(event) => change({ words: event.currentTarget.value })}
        />
        <select
          aria-label={say('sort')}
          value={query.sort}
          onChange={(event) => change({ sort: event.currentTarget.value as Sort })}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {say(sortWords[sort])}
            </option>
          ))}
        </select>
      </search>
    </div>
  )
}
