import type { EventJson } from '../../../src/protocol/event.ts'
import { type HistoryLine, linesOf } from '../../checker/history.ts'
import { type Colour, intoBuckets, type Lane, type Row, secondsText, type Span } from './lane.ts'
import { driverMsOf } from './wall-time.ts'

const rowPx = 26

interface Kind {
  readonly label: string
  readonly colour: Colour
  readonly is: (event: EventJson) => boolean
}
const kinds: readonly Kind[] = [
  { label: 'closes', colour: 'accepted', is: ({ type }) => type === 'AuctionClosed' },
  { label: 'soft close', colour: 'extension', is: (event) => isExtended(event, 'soft-close') },
  { label: 'outage', colour: 'credit', is: (event) => isExtended(event, 'outage') },
]

/** Ends and moves of ends of all auctions, by the journal. */
export function endLane(history: readonly HistoryLine[], span: Span): Lane {
  const journals = linesOf(history, 'journal')
  const told = journals.filter(({ node }) => node === journals[0]?.node)
  const toDriverMs = driverMsOf(history)
  const rows = kinds.map(({ label, colour, is }): Row => {
    const places = told.flatMap(({ events }) =>
      events.filter(is).map(({ at }) => toDriverMs(Date.parse(at))),
    )
    const buckets = intoBuckets(places, (atMs) => atMs, span)
    const most = Math.max(1, ...buckets.map(({ items }) => items.length))
    return {
      label,
      heightPx: rowPx,
      marks: buckets.map(({ fromMs, toMs, items }) => ({
        ...{ shape: 'bar', fromMs, toMs, colour, bottom: 0, top: items.length / most },
        title: `${secondsText(fromMs, span)}: ${items.length} ${label}`,
      })),
    }
  })
  return {
    name: 'Closes and extensions',
    note: 'Of all auctions: closes, moves of the end by a late bid, and time given back for an outage.',
    rows: rows.filter(({ marks }) => marks.length > 0),
  }
}

function isExtended(event: EventJson, reason: 'soft-close' | 'outage'): boolean {
  return event.type === 'AuctionExtended' && event.reason === reason
}
