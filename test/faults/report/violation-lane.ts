import { type HistoryLine, linesOf } from '../../checker/history.ts'
import type { Violation } from '../../checker/violation.ts'
import { type Lane, secondsText, type Span } from './lane.ts'
import { driverMsOf } from './wall-time.ts'

const rowPx = 20

export interface PlacedViolation extends Violation {
  /** Undefined when nothing in it has a place in time. */
  readonly atMs: number | undefined
}

/** A violation stands where the bid or the event that it names was seen, else at the end of its auction. */
export function placeViolations(
  history: readonly HistoryLine[],
  violations: readonly Violation[],
): PlacedViolation[] {
  if (violations.length === 0) return []
  const bidMs = new Map(linesOf(history, 'invoke').map(({ bidId, atMs }) => [bidId, atMs]))
  for (const { bidId, atMs } of linesOf(history, 'answer')) bidMs.set(bidId, atMs)
  const toDriverMs = driverMsOf(history)
  const eventMs = new Map<string, number>()
  const lastMs = new Map<string, number>()
  for (const { auctionId, events } of linesOf(history, 'journal')) {
    for (const { seq, at } of events) {
      const atMs = toDriverMs(Date.parse(at))
      eventMs.set(`${auctionId} ${seq}`, atMs)
      lastMs.set(auctionId, atMs)
    }
  }
  return violations.map((violation) => {
    const { detail, auctionId = '' } = violation
    const words = detail.match(/[\w-]+/g) ?? []
    const bid = words.find((word) => bidMs.has(word))
    const seq = /seq (\d+)/.exec(detail)?.[1]
    const atMs =
      (bid === undefined ? undefined : bidMs.get(bid)) ??
      eventMs.get(`${auctionId} ${seq}`) ??
      lastMs.get(auctionId)
    return { ...violation, atMs }
  })
}

export function violationLane(placed: readonly PlacedViolation[], span: Span): Lane {
  return {
    name: 'Violations',
    note: 'Where the bid or event was seen that the checker names.',
    rows: [
      {
        label: '',
        heightPx: rowPx,
        marks: placed.flatMap(({ atMs, rule, detail }) =>
          atMs === undefined
            ? []
            : {
                ...{ shape: 'pin', atMs, colour: 'violation', text: rule },
                title: `${rule} at ${secondsText(atMs, span)}: ${detail}`,
              },
        ),
      },
    ],
  }
}
