import { z } from 'zod'
import { phase } from './auction.ts'
import { protocolLimits as limits } from './limits.ts'

const wholeNumber = z.string().regex(/^\d{1,15}$/, 'a whole number')

const pageLimit = wholeNumber
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= limits.pageItemsMax, {
    error: `1 to ${limits.pageItemsMax}`,
  })
  .optional()

/** Query strings; unknown parameters are refused like unknown fields. */
export const listQuery = z.strictObject({
  phase: phase.optional(),
  limit: pageLimit,
  cursor: z.string().min(1).max(256).optional(),
})
export type ListQuery = z.input<typeof listQuery>

export const auctionQuery = z.strictObject({ fresh: z.enum(['true', 'false']).optional() })
export type AuctionQuery = z.input<typeof auctionQuery>

export const eventsQuery = z.strictObject({
  after: wholeNumber.transform(Number).optional(),
  limit: pageLimit,
})
export type EventsQuery = z.input<typeof eventsQuery>

export const noQuery = z.strictObject({})
