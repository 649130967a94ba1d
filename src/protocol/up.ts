import { z } from 'zod'
import { amountInput, auctionId, bidId, epoch, seq } from './scalar.ts'

/** A place in one history of one auction, to resume from. */
const positionJson = z.strictObject({ epoch, seq })
export type PositionJson = z.infer<typeof positionJson>

const hello = z.strictObject({
  type: z.literal('hello'),
  token: z.string().min(1).max(256).optional(),
  /** In place of a token: what another node gave out for one sign-in. */
  ticket: z.string().min(1).max(256).optional(),
})
/** Any text: what is no id is the id of no auction. */
const anyAuctionId = z.string().max(64)
const subscribe = z.strictObject({
  type: z.literal('subscribe'),
  auctionId: anyAuctionId,
  after: positionJson.optional(),
})
const unsubscribe = z.strictObject({ type: z.literal('unsubscribe'), auctionId: anyAuctionId })
const bid = z.strictObject({ type: z.literal('bid'), bidId, auctionId, amount: amountInput })
const time = z.strictObject({ type: z.literal('time'), t0: z.number() })

/** Client to node, one JSON object a frame, at most 8 KiB. */
export const up = z.discriminatedUnion('type', [hello, subscribe, unsubscribe, bid, time])

export type Up = z.infer<typeof up>
export type UpType = Up['type']
export type Hello = z.infer<typeof hello>
export type Subscribe = z.infer<typeof subscribe>
export type Unsubscribe = z.infer<typeof unsubscribe>
export type Bid = z.infer<typeof bid>
export type Time = z.infer<typeof time>
