import type { BidAnswer, BidInvoke, HistoryLine, JournalEvent } from './history.ts'

/** What one bidder does in a tiny sale; shares are of the time that it takes. */
export interface TinyBid {
  readonly bidder: number
  readonly sentMs: number
  readonly lastsMs: number
  /** When, within its time, the bid has its turn. */
  readonly turnShare: number
  /** Over the standing bid that a page would have shown at that turn; 0 and less is too low. */
  readonly steps: number
  readonly isUnknown: boolean
  /** How much of the journal a lasting refusal looks back over. */
  readonly memory: number
}

export interface TinySale {
  readonly bids: readonly TinyBid[]
  /** When, among the turns, the sale closes. */
  readonly closeMs: number
}

/** The parts of a tiny history, which tests spoil before they put it together. */
export interface TinyParts {
  readonly sent: BidInvoke[]
  readonly told: BidAnswer[]
  events: JournalEvent[]
}

const auctionId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const startMinor = 100
const amountOf = (minor: number) =>
  `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`
const instant = (index: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, index)).toISOString()
const endsAt = instant(60)

/** Plays the sale in the order of turns: what comes out is right by construction. */
export function playTiny({ bids, closeMs }: TinySale): TinyParts {
  const parts: TinyParts = { sent: [], told: [], events: opening() }
  const turns = bids.map((bid, index) => ({ bid, index, atMs: turnOf(bid) }))
  turns.sort((a, b) => a.atMs - b.atMs || a.index - b.index)
  let isClosed = false
  for (const { bid, index, atMs } of turns) {
    if (!isClosed && atMs > closeMs) {
      close(parts.events)
      isClosed = true
    }
    take(parts, bid, `bid-${index}`)
  }
  if (!isClosed) close(parts.events)
  return parts
}

const turnOf = ({ sentMs, lastsMs, turnShare }: TinyBid) => sentMs + turnShare * lastsMs

function opening(): JournalEvent[] {
  const seller = { id: 'sel', name: 'Sel' }
  return [
    {
      ...{ seq: 1, type: 'AuctionCreated', at: instant(0), seller, format: 'english' },
      ...{ currency: 'USD', startPrice: amountOf(startMinor), increment: '1.00', endsAt },
      ...{ startsAt: instant(0), softClose: null, mayRaiseOwnBid: false },
    },
    { seq: 2, type: 'AuctionOpened', at: instant(0) },
  ]
}

/** One bid's turn: an event or none, and what its bidder is told. */
function take({ sent, told, events }: TinyParts, bid: TinyBid, bidId: string): void {
  const { sentMs: atMs, steps, isUnknown } = bid
  const bidder = `b${bid.bidder}`
  const tops = events.filter((event) => event.type === 'BidAccepted')
  const topMinor = minorOf(tops.at(-1)?.amount)
  const amountMinor = Math.max(
    1,
    topMinor === undefined ? startMinor + (steps - 1) * 100 : topMinor + steps * 100,
  )
  sent.push({ t: 'invoke', atMs, auctionId, bidId, bidder, amount: amountOf(amountMinor) })
  const answer = { t: 'answer', atMs: atMs + bid.lastsMs, auctionId, bidId } as const
  const seq = events.length
  const isClosed = events.at(-1)?.type === 'AuctionClosed'
  const refuse = (code: string, final: boolean, oldest: number) => {
    const asOf = final ? Math.max(oldest, seq - bid.memory) : seq
    told.push(
      isUnknown
        ? { ...answer, outcome: 'unknown' }
        : { ...answer, outcome: 'rejected', code, final, seq: asOf },
    )
  }
  if (isClosed) refuse('closed', true, seq)
  else if (topMinor === undefined ? amountMinor < startMinor : amountMinor < topMinor + 100)
    refuse('bid-too-low', true, lowSince(events, amountMinor))
  else if (tops.at(-1)?.bidder.id === bidder) refuse('own-bid', false, seq)
  else {
    const at = instant(seq)
    const event = { type: 'BidAccepted', at, bidId, amount: amountOf(amountMinor) } as const
    events.push({ ...event, seq: seq + 1, bidder: { id: bidder, name: bidder } })
    told.push(
      isUnknown
        ? { ...answer, outcome: 'unknown' }
        : { ...answer, outcome: 'accepted', seq: seq + 1, amount: event.amount },
    )
  }
}

const minorOf = (amount: string | undefined) =>
  amount === undefined ? undefined : Math.round(Number(amount) * 100)

/** The first seq from which on this amount was too low. */
function lowSince(events: readonly JournalEvent[], amountMinor: number): number {
  if (amountMinor < startMinor) return 1
  const first = events.find(
    (event) => event.type === 'BidAccepted' && (minorOf(event.amount) ?? 0) + 100 > amountMinor,
  )
  return first?.seq ?? events.length
}

export function close(events: JournalEvent[]): void {
  const top = events.findLast((event) => event.type === 'BidAccepted')
  const result =
    top === undefined
      ? ({ outcome: 'passed' } as const)
      : ({ outcome: 'sold', hammerPrice: top.amount, winner: top.bidder } as const)
  events.push({ seq: events.length + 1, type: 'AuctionClosed', at: instant(61), result })
}

/** Journal events numbered anew, stamped in their order: so that only their order is wrong, not their form. */
export function renumber(events: readonly JournalEvent[]): JournalEvent[] {
  return events.map((event, index) => {
    const at = event.type === 'AuctionClosed' || index < 2 ? event.at : instant(index)
    return { ...event, seq: index + 1, at }
  })
}

/** In the order in which it would have been seen, with the journal and the view of the one node that is left. */
export function historyOf({ sent, told, events }: TinyParts): HistoryLine[] {
  const lines: HistoryLine[] = [...sent, ...told].sort((a, b) => a.atMs - b.atMs)
  const closed = events.findLast((event) => event.type === 'AuctionClosed')
  const { winner, hammerPrice } = closed?.result ?? {}
  const phase = closed === undefined ? 'open' : 'closed'
  const view = { node: 'n1', auctionId, phase, seq: events.length, endsAt, extensions: 0 }
  return [
    ...lines,
    { t: 'journal', node: 'n1', auctionId, events },
    { t: 'view', ...view, winner: winner?.id, hammerPrice },
  ]
}
