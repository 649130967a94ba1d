import { createBackoff } from '../lib/backoff.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { createBidSettlement, type BidSettlement, type CopyFate } from './bid-settlement.ts'
import type { BidOutcome, BidRequest, ClientLimits } from './client.ts'

export interface Bidding {
  bid(request: BidRequest): Promise<BidOutcome>
  /** Bids that wait give up. */
  close(): void
}

export interface Copy {
  readonly auctionId: string
  readonly bidId: string
  readonly amount: string | number
}

const againMinMs = 100
const againMaxMs = 2_000
/** Ids of bids that ended unknown, so that asking again for one is known as such. */
const unsettledMax = 1_000

export function createBidding(deps: {
  /** Sends one copy the best way there is, and tells its fate; never throws. */
  sendCopy: (copy: Copy, signal: AbortSignal) => Promise<CopyFate>
  clock: Clock
  entropy: Entropy
  limits: ClientLimits
}): Bidding {
  const { clock, entropy, limits } = deps
  const closing = new AbortController()
  const unsettled = new Set<string>()
  /** The same bid asked for again while it waits is the one that waits. */
  const waiting = new Map<string, Promise<BidOutcome>>()

  async function settle(copy: Copy, settlement: BidSettlement, signal: AbortSignal) {
    const backoff = createBackoff({ minMs: againMinMs, maxMs: againMaxMs, entropy })
    while (!signal.aborted) {
      const step = settlement.learned(await deps.sendCopy(copy, signal), backoff.nextMs())
      if (step.kind === 'done') return step.outcome
      await sleep(clock, step.afterMs, signal).catch(() => undefined)
    }
    return settlement.givenUp()
  }

  async function place(copy: Copy, request: BidRequest): Promise<BidOutcome> {
    const { bidId } = copy
    const key = keyOf(copy)
    const hasEarlierCopies = request.hasEarlierCopies === true || unsettled.has(key)
    const settlement = createBidSettlement({
      bidId,
      copiesMax: limits.bidCopiesMax,
      hasEarlierCopies,
    })
    const bound = boundBy(clock, limits.bidTotalMs, [request.signal, closing.signal])
    try {
      const outcome = await settle(copy, settlement, bound.signal)
      unsettled.delete(key)
      if (outcome.outcome === 'unknown' && unsettled.size < unsettledMax) unsettled.add(key)
      return outcome
    } finally {
      bound.release()
    }
  }

  async function bid(request: BidRequest): Promise<BidOutcome> {
    const bidId = request.bidId ?? entropy.token(16)
    const copy = { auctionId: request.auctionId, bidId, amount: request.amount }
    const key = `${keyOf(copy)} ${copy.amount}`
    const same = waiting.get(key)
    if (same !== undefined) return same
    if (waiting.size >= limits.bidsWaitingMax) return tooMany(bidId, unsettled.has(keyOf(copy)))
    const placed = place(copy, request)
    waiting.set(key, placed)
    return placed.finally(() => waiting.delete(key))
  }

  return { bid, close: () => closing.abort(new Error('the client was closed')) }
}

function keyOf({ auctionId, bidId }: Copy): string {
  return `${auctionId} ${bidId}`
}

function tooMany(bidId: string, hasEarlierCopies: boolean): BidOutcome {
  if (hasEarlierCopies) return { outcome: 'unknown', bidId, copyCount: 0 }
  const detail = 'too many bids of this client wait for their outcome'
  return { outcome: 'rejected', bidId, code: 'not-sent', final: false, detail, copyCount: 0 }
}

/** A signal that aborts after `ms`, or with any of the given ones. */
function boundBy(clock: Clock, ms: number, signals: readonly (AbortSignal | undefined)[]) {
  const bound = new AbortController()
  const give = () => bound.abort(new Error('given up'))
  const timer = clock.setTimer(ms, give)
  for (const signal of signals) {
    if (signal?.aborted === true) give()
    signal?.addEventListener('abort', give, { once: true })
  }
  return {
    signal: bound.signal,
    release() {
      timer.cancel()
      for (const signal of signals) signal?.removeEventListener('abort', give)
    },
  }
}
