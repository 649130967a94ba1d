import { type HistoryLine, linesOf } from '../../checker/history.ts'
import type { GapResult } from '../run-result.ts'
import { type Lane, type Mark, secondsText, type Span } from './lane.ts'

const rowPx = 18
/** Bars of one row keep this much apart. */
const apartMs = 200

type Bar = Extract<Mark, { shape: 'bar' }>

/** How long bidding stood still after each fault, and how long each recovery took; as many rows as overlap. */
export function backLane(
  history: readonly HistoryLine[],
  gaps: readonly GapResult[],
  span: Span,
): Lane {
  const stood = gaps.map(({ kind, target, atMs, firstAckMs }): Bar => {
    const took = firstAckMs === undefined ? 'never' : `after ${Math.round(firstAckMs)} ms`
    return {
      ...{ shape: 'bar', fromMs: atMs, toMs: atMs + (firstAckMs ?? span.toMs - atMs) },
      colour: firstAckMs === undefined ? 'violation' : 'back',
      title: `${kind} ${target} at ${secondsText(atMs, span)}: the next bid was acknowledged ${took}`,
      text: 'next bid',
    }
  })
  const recovered = linesOf(history, 'recovery').map(({ atMs, tookMs, target, what }): Bar => {
    const took = tookMs === undefined ? 'never' : `after ${Math.round(tookMs)} ms`
    return {
      ...{ shape: 'bar', fromMs: atMs - (tookMs ?? 0), toMs: atMs, text: what },
      colour: tookMs === undefined ? 'violation' : 'back',
      title: `${target}: ${what} ${took}, at ${secondsText(atMs, span)}`,
      strength: 0.6,
    }
  })
  return {
    name: 'Back again',
    note: 'From each fault to the next acknowledged bid on the hot auction, and the recoveries that were waited for.',
    rows: packed([...stood, ...recovered]).map((marks) => ({ label: '', heightPx: rowPx, marks })),
  }
}

function packed(bars: readonly Bar[]): Bar[][] {
  const rows: Bar[][] = []
  for (const bar of [...bars].sort((a, b) => a.fromMs - b.fromMs)) {
    const row = rows.find((some) => (some.at(-1)?.toMs ?? 0) + apartMs <= bar.fromMs)
    if (row === undefined) rows.push([bar])
    else row.push(bar)
  }
  return rows
}
