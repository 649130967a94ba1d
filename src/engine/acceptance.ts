import { minimumAfter } from '../auction/increment.ts'
import { must } from '../lib/assert.ts'
import type { BidAcceptance } from './engine.ts'
import type { Copies, Copy } from './copies.ts'
import { hashBidId, slotsOf } from './bid-ids.ts'
import type { Journal } from './journal.ts'
import type { Batch } from './records.ts'

interface BidName {
  readonly bidderId: string
  readonly bidId: string
  readonly hash?: number
}

/** Looks a bid up in the journal. The copy's ids must be complete; costs at most one read a matching slot. */
export async function findAcceptance(
  journal: Journal,
  copy: Copy,
  bid: BidName,
): Promise<BidAcceptance | undefined> {
  return findIn(copy, bid, async (slot) => {
    if (slot === copy.head.slot) return copy.head.batch
    const [batch] = await journal.readBatches(copy.id, slot, slot)
    return must(batch, 'batch')
  })
}

/**
 * The same for somebody who asks: what this node knows names the slot, and the store shows what is in it. Undefined tells nothing;
 * then a fresh, complete copy is to be asked.
 */
export async function findStoredAcceptance(
  journal: Journal,
  copy: Copy,
  bid: BidName,
): Promise<BidAcceptance | undefined> {
  return findIn(copy, bid, (slot) => journal.readBatch(copy.id, slot))
}

async function findIn(
  copy: Copy,
  bid: BidName,
  read: (slot: number) => Promise<Batch>,
): Promise<BidAcceptance | undefined> {
  const hash = bid.hash ?? hashBidId(bid.bidderId, bid.bidId)
  for (const slot of slotsOf(copy.ids, hash)) {
    const found = acceptanceIn(await read(slot), copy, bid)
    if (found !== undefined) return found
  }
  return undefined
}

/** The answer that this bid got, told again from the batch that it was committed in. */
function acceptanceIn(
  batch: Batch,
  copy: Copy,
  { bidderId, bidId }: { bidderId: string; bidId: string },
): BidAcceptance | undefined {
  let endsAt = batch.endsAtBefore
  for (const [index, event] of batch.events.entries()) {
    if (event.type === 'AuctionExtended') endsAt = event.endsAt
    if (event.type === 'AuctionCreated') endsAt = event.conditions.endsAt
    if (event.type !== 'BidAccepted') continue
    if (event.bidId !== bidId || event.bidder.id !== bidderId) continue
    const next = batch.events[index + 1]
    const { increments } = copy.head.state.conditions
    return {
      outcome: 'accepted',
      bidId,
      seq: batch.firstSeq + index,
      amountMinor: event.amountMinor,
      at: event.at,
      minimumNextBidMinor: minimumAfter(event.amountMinor, increments),
      endsAt: next?.type === 'AuctionExtended' ? next.endsAt : endsAt,
    }
  }
  return undefined
}

/** A copy whose ids are complete: of what is known, or read. Undefined when there is no such auction. */
export async function completeCopy(
  copies: Copies,
  auctionId: string,
  options: { fresh?: boolean } = {},
): Promise<Copy | undefined> {
  const copy = options.fresh ? undefined : copies.peek(auctionId)
  const known = copy ?? (await copies.load(auctionId, options))
  if (known === undefined) return undefined
  return known.idsComplete ? known : copies.completeIds(auctionId)
}
