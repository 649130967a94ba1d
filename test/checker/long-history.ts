import { auctionId, instant, soundJournal } from './hand-made-history.ts'
import type { HistoryLine, JournalEvent } from './history.ts'

/** One auction in which two people outbid each other so often; each bid is sent, acknowledged and told to a watcher. */
export function longHistory(bidCount: number): HistoryLine[] {
  const [created, opened] = soundJournal()
  const lines: HistoryLine[] = []
  const events = [created, opened] as JournalEvent[]
  const people = ['ann', 'bob'].map((id) => ({ id, name: id }))
  const startMs = Date.parse(instant(0))
  const feed = { t: 'feed', watcher: 'eve', auctionId, kind: 'events' } as const
  for (let index = 0; index < bidCount; index++) {
    const bidder = people[index % 2]!
    const bidId = `bid-${index}`
    const amount = `${100 + index}.00`
    const seq = events.length + 1
    const atMs = (index * 40_000) / bidCount
    const at = instant(atMs / 1_000)
    lines.push({ t: 'invoke', atMs, auctionId, bidId, bidder: bidder.id, amount })
    lines.push({ t: 'answer', atMs: atMs + 0.1, auctionId, bidId, outcome: 'accepted', seq })
    events.push({ seq, type: 'BidAccepted', at, bidId, bidder, amount })
    const told = [{ seq, type: 'BidAccepted', bidId }] as const
    const wallMs = startMs + atMs
    lines.push({ ...feed, atMs: atMs + 0.2, wallMs, prevSeq: seq - 1, seq, events: told })
  }
  const winner = people[(bidCount - 1) % 2]!
  const hammerPrice = `${99 + bidCount}.00`
  const seq = events.length + 1
  const result = { outcome: 'sold', winner, hammerPrice } as const
  events.push({ seq, type: 'AuctionClosed', at: instant(61), result })
  const closed = [{ seq, type: 'AuctionClosed' }] as const
  const heard = { atMs: 61_000, wallMs: startMs + 61_000 }
  const view = { phase: 'closed', seq, endsAt: instant(60), extensions: 0 }
  return [
    ...lines,
    { ...feed, ...heard, prevSeq: seq - 1, seq, events: closed },
    { t: 'journal', node: 'n1', auctionId, events },
    { t: 'view', node: 'n1', auctionId, ...view, winner: winner.id, hammerPrice },
  ]
}
