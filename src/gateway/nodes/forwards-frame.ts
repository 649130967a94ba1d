/** Bids on their way to the holder: a frame is `[forward, …]`, a forward `[number, auctionId, lockKey, [bid, …]]`. */
import { amountMaxMinor } from '../../auction/money.ts'
import type { ForwardedBid, ForwardedBids } from '../../engine/forwarding.ts'
import { ulidPattern } from '../../lib/ulid.ts'
import { personName } from '../../protocol/http-request.ts'
import { idOf, msOf, NotUnderstood, parseFrame, rowOf, textOf, wholeOf } from './frame-parts.ts'
import { linkLimits } from './link-protocol.ts'

export interface Forward {
  /** Rises on one link. */
  readonly number: number
  readonly bids: ForwardedBids
}

export function encodeForward(number: number, { auctionId, lockKey, bids }: ForwardedBids): string {
  const rows = bids.map(({ bidId, bidder, amountMinor, at }) => [
    bidId,
    bidder.id,
    bidder.name,
    amountMinor,
    at,
  ])
  return JSON.stringify([number, auctionId, lockKey, rows])
}

/** @throws NotUnderstood: then nothing of the frame is taken */
export function decodeForwards(text: string, after: number): Forward[] {
  let last = after
  return parseFrame(text).map((part) => {
    const forward = decodeForward(part)
    if (forward.number <= last) throw new NotUnderstood('the order of forwards')
    last = forward.number
    return forward
  })
}

function decodeForward(part: unknown): Forward {
  const [number, auctionId, lockKey, rows] = rowOf(part, 'a forward', 4)
  const id = textOf(auctionId, 'the auction', 26)
  if (!ulidPattern.test(id)) throw new NotUnderstood('the auction')
  return {
    number: wholeOf(number, 'the number'),
    bids: {
      auctionId: id,
      lockKey: lockKeyOf(lockKey, id),
      bids: rowOf(rows, 'the bids', 1, linkLimits.bidsPerForwardMax).map(decodeBid),
    },
  }
}

function decodeBid(part: unknown): ForwardedBid {
  const [bidId, bidderId, name, amount, at] = rowOf(part, 'a bid', 5)
  const amountMinor = wholeOf(amount, 'the amount')
  if (amountMinor > amountMaxMinor) throw new NotUnderstood('the amount')
  return {
    bidId: idOf(bidId, 'the bid id', 64),
    bidder: { id: idOf(bidderId, 'the bidder', 64), name: nameOf(name) },
    amountMinor,
    at: msOf(at, 'the stamp'),
  }
}

/** A contender's key in that auction's queue. */
function lockKeyOf(part: unknown, auctionId: string): string {
  const key = textOf(part, 'the lock key', 256)
  const dir = `locks/${auctionId}/`
  if (key.startsWith(dir)) idOf(key.slice(dir.length), 'the lock key', 256)
  else throw new NotUnderstood('the lock key')
  return key
}

/** What people may call themselves, and nothing else: it goes into the journal, and onto terminals. */
function nameOf(part: unknown): string {
  const name = personName.safeParse(part)
  if (name.success && name.data === part) return part
  throw new NotUnderstood('the name')
}
