/** Bids on their way to the holder: a frame is `[forward, …]`, a forward `[number, auctionId, lockKey, [bid, …]]`. */
import { amountMaxMinor } from '../../auction/money.ts'
import type { ForwardedBid, ForwardedBids } from '../../engine/forwarding.ts'
import { ulidPattern } from '../../lib/ulid.ts'
import { msOf, NotUnderstood, parseFrame, rowOf, textOf, wholeOf } from './frame-parts.ts'
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
      lockKey: textOf(lockKey, 'the lock key', 256),
      bids: rowOf(rows, 'the bids', 1, linkLimits.bidsPerForwardMax).map(decodeBid),
    },
  }
}

function decodeBid(part: unknown): ForwardedBid {
  const [bidId, bidderId, name, amount, at] = rowOf(part, 'a bid', 5)
  const amountMinor = wholeOf(amount, 'the amount')
  if (amountMinor > amountMaxMinor) throw new NotUnderstood('the amount')
  return {
    bidId: textOf(bidId, 'the bid id', 64),
    bidder: { id: textOf(bidderId, 'the bidder', 64), name: textOf(name, 'the name', 256) },
    amountMinor,
    at: msOf(at, 'the stamp'),
  }
}
