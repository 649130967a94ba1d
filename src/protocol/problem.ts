import { z } from 'zod'
import { errorCode } from './outcome.ts'
import { amountText, count, instantText, seq } from './scalar.ts'

/** Every error over HTTP: RFC 9457, as `application/problem+json`. */
export const problemJson = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: errorCode,
    requestId: z.string(),
    /** JSON pointer to the field of the body that is wrong, or name of the query parameter. */
    pointer: z.string().optional(),
    parameter: z.string().optional(),
    /** Of bids: whether it can never be accepted any more. */
    final: z.boolean().optional(),
    /** Of bids: the journal's place at which it was refused. */
    seq: seq.optional(),
    minimumNextBid: amountText.optional(),
    endsAt: instantText.optional(),
    retryAfterMs: count.optional(),
  })
  .meta({ id: 'Problem' })

export type ProblemJson = z.infer<typeof problemJson>
