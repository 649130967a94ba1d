import { type HistoryLine, linesOf } from '../../checker/history.ts'
import { type Lane, type Mark, secondsText, type Span } from './lane.ts'
import { colourOfNode } from './node-colour.ts'

const rowPx = 22

/** Each term from its first to its last beacon that was seen. */
export function leaderLane(history: readonly HistoryLine[], span: Span): Lane {
  const nodeOf = new Map(linesOf(history, 'leader').map(({ term, nodeId }) => [term, nodeId]))
  const terms = new Map<string, { fromMs: number; toMs: number }>()
  const see = (term: string, atMs: number) => {
    const known = terms.get(term)
    if (known === undefined) terms.set(term, { fromMs: atMs, toMs: atMs })
    else known.toMs = Math.max(known.toMs, atMs)
  }
  let newest = { term: '', timeMs: -Infinity }
  for (const { term, timeMs, atMs } of linesOf(history, 'beacon')) {
    // The same beacon read again is no new sign of life.
    if (term === newest.term && timeMs === newest.timeMs) continue
    newest = { term, timeMs }
    see(term, atMs)
  }
  const marks = [...terms].map(([term, { fromMs, toMs }]): Mark => {
    const nodeId = nodeOf.get(term)
    const lasted = `${secondsText(fromMs, span)} to ${secondsText(toMs, span)}`
    return {
      ...{ shape: 'bar', fromMs, toMs, text: nodeId ?? '?' },
      colour: nodeId === undefined ? 'refused' : colourOfNode(nodeId),
      title: `term ${term}: ${nodeId ?? 'a node that nobody named'}, ${lasted}`,
    }
  })
  return {
    name: 'Leaders',
    note: 'From the first to the last beacon of each term. Between two of them nobody led.',
    rows: [{ label: '', heightPx: rowPx, marks }],
  }
}
