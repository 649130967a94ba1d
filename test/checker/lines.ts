import type { BidAnswer, BidInvoke, HistoryLine, LineOf } from './history.ts'

/** A history by kinds of line, each in the order in which it was seen: sorted once, for all rules. */
export type Lines = { readonly [T in HistoryLine['t']]: readonly LineOf<T>[] } & {
  /** Questions and answers together, in order. */
  readonly bidding: readonly (BidInvoke | BidAnswer)[]
}

export function groupLines(history: readonly HistoryLine[]): Lines {
  const lines: { [T in HistoryLine['t']]: LineOf<T>[] } = {
    ...{ meta: [], invoke: [], answer: [], read: [], feed: [], leader: [], beacon: [], fault: [] },
    ...{ recovery: [], journal: [], view: [], raw: [], frozen: [], leftovers: [], end: [] },
  }
  const bidding: (BidInvoke | BidAnswer)[] = []
  for (const line of history) {
    ;(lines[line.t] as HistoryLine[]).push(line)
    if (line.t === 'invoke' || line.t === 'answer') bidding.push(line)
  }
  return { ...lines, bidding }
}
