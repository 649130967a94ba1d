import { z } from 'zod'
import { incrementJson, resultJson, softCloseJson } from './auction.ts'
import { personJson } from './person.ts'
import { amountText, instantText, seq } from './scalar.ts'

const place = { seq, at: instantText }

/** What happened, in the order of the journal: `seq` rises by one from event to event. */
export const eventJson = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('AuctionCreated'),
      ...place,
      seller: personJson,
      format: z.string(),
      currency: z.string(),
      startPrice: amountText,
      increment: incrementJson,
      startsAt: instantText,
      endsAt: instantText,
      softClose: softCloseJson.nullable(),
      mayRaiseOwnBid: z.boolean(),
    }),
    z.object({ type: z.literal('AuctionOpened'), ...place }),
    z.object({
      type: z.literal('BidAccepted'),
      ...place,
      bidId: z.string(),
      bidder: personJson,
      amount: amountText,
    }),
    z.object({
      type: z.literal('AuctionExtended'),
      ...place,
      reason: z.enum(['soft-close', 'outage']),
      from: instantText,
      endsAt: instantText,
    }),
    z.object({ type: z.literal('AuctionClosed'), ...place, result: resultJson }),
    z.object({ type: z.literal('AuctionCancelled'), ...place }),
  ])
  .meta({ id: 'Event' })

export type EventJson = z.infer<typeof eventJson>
