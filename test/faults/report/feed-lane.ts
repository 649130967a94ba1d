import { type FeedSeen, type HistoryLine, linesOf } from '../../checker/history.ts'
import { intoBuckets, type Lane, type Mark, secondsText, type Span } from './lane.ts'
import { colourOfNode } from './node-colour.ts'

const rowPx = 16
const faintest = 0.25

/** What each watcher was told; pins are jumps and snapshots after the first. */
export function feedLane(history: readonly HistoryLine[], span: Span): Lane {
  const feeds = linesOf(history, 'feed')
  const watchers = [...new Set(feeds.map(rowOf))].sort()
  return {
    name: 'Feeds',
    note: 'Updates of each watcher. A pin is a snapshot after the first (it came anew), or a jump that the client declared.',
    rows: watchers.map((watcher) => ({
      label: watcher,
      heightPx: rowPx,
      marks: marksOf(
        feeds.filter((feed) => rowOf(feed) === watcher),
        span,
      ),
    })),
  }
}

/** A crowd shares a row: its watchers are called `crowd/1`, `crowd/2`, … */
function rowOf({ watcher }: FeedSeen): string {
  return watcher.split('/')[0] ?? watcher
}

function marksOf(feeds: readonly FeedSeen[], span: Span): Mark[] {
  const buckets = intoBuckets(feeds, ({ atMs }) => atMs, span)
  const most = Math.max(1, ...buckets.map(({ items }) => items.length))
  const colour = colourOfNode(feeds[0]?.watcher ?? '')
  const bars = buckets.map(({ fromMs, toMs, items }): Mark => ({
    ...{ shape: 'bar', fromMs, toMs, colour },
    strength: faintest + ((1 - faintest) * items.length) / most,
    title: `${secondsText(fromMs, span)}: ${items.length} updates`,
  }))
  const again = intoBuckets(feeds.filter(isAgain), ({ atMs }) => atMs, span)
  const pins = again.map(({ fromMs, items }): Mark => {
    const jumps = items.filter(({ jump }) => jump !== undefined)
    const title = `${secondsText(fromMs, span)}: ${items.length - jumps.length} snapshots anew, ${jumps.length} jumps`
    return { shape: 'pin', atMs: fromMs, colour: jumps.length > 0 ? 'unknown' : colour, title }
  })
  return [...bars, ...pins]
}

function isAgain({ kind, prevSeq, jump }: FeedSeen): boolean {
  return jump !== undefined || (kind === 'snapshot' && prevSeq > 0)
}
