import { type Conditions, defaultSoftClose } from '../../src/auction/conditions.ts'
import { decide } from '../../src/auction/decide.ts'
import { fold } from '../../src/auction/evolve.ts'
import { decideBatch } from '../../src/engine/batch-decision.ts'
import type { WaitingBid } from '../../src/engine/waiting-bid.ts'
import { hashBidId } from '../../src/engine/bid-ids.ts'
import { createBidTimings } from '../../src/engine/bid-timings.ts'
import { encodeAppend, encodeBatch, encodeHead } from '../../src/engine/codec.ts'
import { encodeOutcome } from '../../src/gateway/encode/outcome.ts'
import { createRates } from '../../src/gateway/rate.ts'
import { silentSecurityLog } from '../../src/gateway/security-log.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { createPrometheusMetrics } from '../../src/node/prometheus.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'
import { up } from '../../src/protocol/up.ts'

// npm run parts: what the parts of a bid's way cost in processor time, the best of five runs of each. Processor time is told
// apart from what else the machine does, so this says something on a busy one too.

const size = 64
const auctionId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const startsAt = Date.UTC(2026, 0, 1, 12)
const conditions: Conditions = {
  ...{ currency: 'USD', startPriceMinor: 10_000, increments: [{ fromMinor: 0, stepMinor: 500 }] },
  ...{ startsAt, endsAt: startsAt + 600_000, softClose: defaultSoftClose, mayRaiseOwnBid: true },
}
const created = decide(undefined, {
  ...{ type: 'CreateAuction', at: startsAt, seller: { id: 'seller', name: 'Selma' } },
  conditions,
})
if (!created.ok) throw new Error(created.rejection.code)
const state = fold(created.events)
const bids = Array.from({ length: size }, (_, n): WaitingBid => ({
  command: {
    ...{ type: 'PlaceBid', at: startsAt + 1_000, bidId: `bid-of-the-parts-${n}` },
    ...{ bidder: { id: auctionId, name: `Bidder ${n}` }, amountMinor: 1_000_000 + n * 10_000 },
  },
  ...{
    hash: n,
    sinceMs: 0,
    isAnswered: false,
    answer: () => undefined,
    returns: 0,
    isAfloat: false,
  },
}))
const decided = decideBatch(state, bids, 24 * 1_024)
const batch = {
  ...{ batchId: 'n1~parts.1', slot: 2, firstSeq: 3, endsAtBefore: 0, events: decided.events },
}
const ids = { count: 0, chunked: 0, recent: [] }
const head = { schema: 1, epoch: 'e', slot: 2, seq: 2 + size, state: decided.state, batch, ids }
const metrics = createPrometheusMetrics(() => undefined)
const [perSecond, burst] = [1e9, 1e9]
const rates = createRates({
  clock: systemClock,
  limits: {
    ...protocolLimits,
    ...{ bidsPerSecond: perSecond, bidsBurst: burst },
    ...{ addressBidsPerSecond: perSecond, addressBidsBurst: burst },
    ...{ nodeBidsPerSecond: perSecond, nodeBidsBurst: burst },
  },
  metrics: silentMetrics,
  security: silentSecurityLog,
})
const timings = createBidTimings()
const spent = { waitedMs: 1, lockMs: 1, commitMs: 1, batchSize: size }
const bidder = { auctionId, bidderId: auctionId }
const text = JSON.stringify({ type: 'bid', bidId: 'bid-of-the-parts', auctionId, amount: '1.00' })
const verdict = decided.verdicts[0]
if (verdict?.kind !== 'answer') throw new Error('the first bid is answered')

console.log(`microseconds of processor time; batches of ${size}`)
await tell('a frame read and checked', () => up.parse(JSON.parse(text)))
await tell('a token of the rate taken', () =>
  rates.take('bids', { address: '127.0.0.1', personId: 'bidder' }),
)
await tell('a bid id hashed', (n) => hashBidId(auctionId, `bid-${n}`))
await tell('a count by label', () => metrics.count('bids_total', { outcome: 'accepted', code: '' }))
await tell('a time by label', () => metrics.observe('bid_seconds', 0.01, { stage: 'total' }))
await tell('where the time went, noted', (n) =>
  timings.note({ ...bidder, bidId: `bid-${n}` }, spent),
)
await tell('an outcome encoded', () => JSON.stringify(encodeOutcome(verdict.outcome, 'USD')))
await tell('a batch decided, by bid', () => decideBatch(state, bids, 24 * 1_024), size)
await tell(
  'slot and head, each by itself, by bid',
  () => [encodeBatch(batch), encodeHead(head)],
  size,
)
await tell(
  'slot and head of one append, by bid',
  () => encodeAppend(head, decided.eventsText),
  size,
)
process.exit(0)

async function tell(part: string, run: (n: number) => unknown, per = 1): Promise<void> {
  const count = 40_000 / per
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < count; n++) {
      const done = run(round * count + n)
      if (done instanceof Promise) await done
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / count / per)
  }
  console.log(`${part.padEnd(42)}${best.toFixed(2)}`)
}
