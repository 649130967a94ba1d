import { type BidAnswer, type HistoryLine, linesOf } from '../../checker/history.ts'
import { intoBuckets, type Lane, type Mark, secondsText, type Span } from './lane.ts'

const rowPx = 96
const outcomes = [
  ['accepted', 'accepted'],
  ['rejected', 'refused'],
  ['unknown', 'unknown'],
] as const

/** Answers by outcome, stacked; the highest stack fills the lane. */
export function bidLane(history: readonly HistoryLine[], span: Span): Lane {
  const buckets = intoBuckets(linesOf(history, 'answer'), ({ atMs }) => atMs, span)
  const most = Math.max(1, ...buckets.map(({ items }) => items.length))
  const marks = buckets.flatMap(({ fromMs, toMs, items }) => {
    let bottom = 0
    return outcomes.flatMap(([outcome, colour]): Mark[] => {
      const told = items.filter((answer) => answer.outcome === outcome)
      if (told.length === 0) return []
      const from = bottom
      bottom += told.length / most
      const title = `${secondsText(fromMs, span)}: ${told.length} ${colour}${codesOf(told)}`
      return [{ shape: 'bar', fromMs, toMs, colour, title, bottom: from, top: bottom }]
    })
  })
  return {
    name: 'Answers to bids',
    note: `Accepted, refused and unknown, stacked; ${span.bucketMs} ms each, the highest is ${most}.`,
    rows: [{ label: '', heightPx: rowPx, marks }],
  }
}

function codesOf(told: readonly BidAnswer[]): string {
  const counts = new Map<string, number>()
  for (const { code } of told) if (code) counts.set(code, (counts.get(code) ?? 0) + 1)
  const texts = [...counts].map(([code, count]) => `${code} ${count}`)
  return texts.length === 0 ? '' : ` (${texts.join(', ')})`
}
