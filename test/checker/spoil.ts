import type { BidAnswer, BidInvoke, JournalEvent } from './history.ts'
import { close, renumber, type TinyParts } from './tiny-history.ts'

/** Where to spoil something: shares of what there is. */
export interface Spot {
  readonly a: number
  readonly b: number
}

type Bid = Extract<JournalEvent, { type: 'BidAccepted' }>
type Writable<T> = { -readonly [K in keyof T]: T[K] }

const pick = <T>(list: readonly T[], share: number): T | undefined =>
  list[Math.floor(share * list.length)]
const bidsIn = (events: readonly JournalEvent[]) =>
  events.filter((event): event is Bid => event.type === 'BidAccepted')

/** The journal with these bids in this order, opened and closed as it should be. */
function withBids(parts: TinyParts, bids: readonly Bid[]): void {
  const events = [...parts.events.slice(0, 2), ...bids]
  close(events)
  parts.events = renumber(events)
}

/** What can be wrong with a tiny history. Some leave it right: a bid that stayed unknown may be gone, concurrent ones may change places. */
export const spoilers = {
  'a bid is lost'(parts, { a }) {
    const bids = bidsIn(parts.events)
    withBids(parts, bids.toSpliced(Math.floor(a * bids.length), 1))
  },
  'a bid stands twice'(parts, { a, b }) {
    const bids = bidsIn(parts.events)
    const bid = pick(bids, a)
    if (bid !== undefined) withBids(parts, bids.toSpliced(Math.ceil(b * bids.length), 0, bid))
  },
  'two neighbours change places, and are told so'(parts, { a }) {
    const bids = bidsIn(parts.events)
    const at = Math.floor(a * (bids.length - 1))
    const [one, two] = [bids[at], bids[at + 1]]
    if (one === undefined || two === undefined) return
    withBids(parts, bids.toSpliced(at, 2, two, one))
    for (const told of parts.told as Writable<BidAnswer>[]) {
      if (told.outcome !== 'accepted') continue
      if (told.bidId === one.bidId) told.seq = two.seq
      if (told.bidId === two.bidId) told.seq = one.seq
    }
  },
  'two who raced are told the other place'(parts, { a, b }) {
    const accepted = parts.told.filter(({ outcome }) => outcome === 'accepted')
    const [one, two] = [pick(accepted, a), pick(accepted, b)] as Writable<BidAnswer>[]
    if (one === undefined || two === undefined) return
    ;[one.seq, two.seq] = [two.seq, one.seq]
  },
  'a price is another'(parts, { a, b }) {
    const bids = bidsIn(parts.events)
    const bid = pick(bids, a)
    if (bid === undefined) return
    const amount = `${Math.floor(b * 8)}.00`
    withBids(
      parts,
      bids.map((one) => (one === bid ? { ...one, amount } : one)),
    )
  },
  'a price is another, as it was sent'(parts, { a, b }) {
    const bids = bidsIn(parts.events)
    const bid = pick(bids, a)
    if (bid === undefined) return
    const amount = `${Math.floor(b * 8)}.00`
    withBids(
      parts,
      bids.map((one) => (one === bid ? { ...one, amount } : one)),
    )
    const lines = [...parts.sent, ...parts.told] as (Writable<BidInvoke> | Writable<BidAnswer>)[]
    for (const line of lines) if (line.bidId === bid.bidId && 'amount' in line) line.amount = amount
  },
  'a bid stands as somebody else'(parts, { a, b }) {
    const bids = bidsIn(parts.events)
    const bid = pick(bids, a)
    if (bid === undefined) return
    const id = `b${Math.floor(b * 3)}`
    withBids(
      parts,
      bids.map((one) => (one === bid ? { ...one, bidder: { id, name: id } } : one)),
    )
  },
  'a bid stands after the close'(parts, { a }) {
    const bid = pick(bidsIn(parts.events), a)
    if (bid === undefined) return
    parts.events = renumber([...parts.events.filter((event) => event !== bid), bid])
  },
  'there is no close'(parts) {
    parts.events = parts.events.filter(({ type }) => type !== 'AuctionClosed')
  },
  'an outcome is told as a refusal'(parts, { a, b }) {
    const told = pick(parts.told, a) as Writable<BidAnswer> | undefined
    if (told === undefined) return
    const code = pick(['bid-too-low', 'closed', 'own-bid'], b) ?? ''
    delete told.amount
    const seq = told.seq ?? parts.events.length
    Object.assign(told, { outcome: 'rejected', code, final: code !== 'own-bid', seq })
  },
  'a refusal names another seq'(parts, { a, b }) {
    const refusals = parts.told.filter(({ outcome }) => outcome === 'rejected')
    const told = pick(refusals, a) as Writable<BidAnswer> | undefined
    if (told !== undefined) told.seq = 1 + Math.floor(b * (parts.events.length + 1))
  },
  'an outcome is told as an acceptance'(parts, { a, b }) {
    const told = pick(parts.told, a) as Writable<BidAnswer> | undefined
    const seq = 1 + Math.floor(b * parts.events.length)
    if (told !== undefined) Object.assign(told, { outcome: 'accepted', seq, amount: undefined })
  },
  'an answer comes earlier'(parts, { a, b }) {
    const told = pick(parts.told, a) as Writable<BidAnswer> | undefined
    const sent = parts.sent.find(({ bidId }) => bidId === told?.bidId)
    if (told === undefined || sent === undefined) return
    told.atMs = sent.atMs + Math.floor(b * (told.atMs - sent.atMs))
  },
  'a bid is sent later'(parts, { a, b }) {
    const sent = pick(parts.sent, a) as Writable<BidInvoke> | undefined
    const told = parts.told.find(({ bidId }) => bidId === sent?.bidId)
    if (told === undefined || sent === undefined) return
    sent.atMs += Math.ceil(b * (told.atMs - sent.atMs))
  },
} satisfies Record<string, (parts: TinyParts, spot: Spot) => void>

export type Spoiler = keyof typeof spoilers
