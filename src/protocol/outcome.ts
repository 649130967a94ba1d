import { z } from 'zod'
import { errorCodes, type ErrorCode } from './error-code.ts'
import { amountText, bidId, count, instantText, seq } from './scalar.ts'

export const errorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]])

/** In the journal for ever, at `seq`. Sent again, the same answer comes again. */
export const bidAcceptanceJson = z
  .object({
    outcome: z.literal('accepted'),
    bidId,
    seq,
    amount: amountText,
    at: instantText,
    /** As they were right after this bid. */
    minimumNextBid: amountText.nullable(),
    endsAt: instantText,
  })
  .meta({ id: 'BidAcceptance' })
export type BidAcceptanceJson = z.infer<typeof bidAcceptanceJson>

/** Where the time of an accepted bid went on the node that took it, in ms; null when the node that answers does not know. */
export const bidTimingJson = z
  .object({
    nodeId: z.string(),
    timing: z
      .object({
        waitedMs: z.number().nonnegative(),
        lockMs: z.number().nonnegative(),
        commitMs: z.number().nonnegative(),
        batchSize: count,
      })
      .nullable(),
  })
  .meta({ id: 'BidTiming' })
export type BidTimingJson = z.infer<typeof bidTimingJson>

/** Not counted. With `final` it never will be; without, this copy is not, and the same bidId may be sent again. */
export const bidRefusalJson = z.object({
  outcome: z.literal('rejected'),
  /** As it was sent; may be no valid one then. */
  bidId: z.string(),
  code: errorCode,
  final: z.boolean(),
  seq: seq.optional(),
  minimumNextBid: amountText.optional(),
  endsAt: instantText.optional(),
  retryAfterMs: count.optional(),
})
export type BidRefusalJson = z.infer<typeof bidRefusalJson>

/** It may stand, or still land: send the same bidId again. */
export const bidUnknownJson = z.object({ outcome: z.literal('unknown'), bidId: z.string() })
export type BidUnknownJson = z.infer<typeof bidUnknownJson>

export type BidOutcomeJson = BidAcceptanceJson | BidRefusalJson | BidUnknownJson
