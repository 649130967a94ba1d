import { z } from 'zod'
import { ulidPattern } from '../lib/ulid.ts'

/** Money on its way out: a decimal string with all the decimals of the currency. */
export const amountText = z
  .string()
  .meta({ description: 'A decimal in the currency of the auction', examples: ['120.00'] })

/** Money on its way in. How many decimals are right only the currency tells, so the gateway looks again. */
export const amountInput = z
  .union([z.string().min(1).max(24), z.number()])
  .meta({ description: 'A plain decimal, at most as exact as the currency', examples: ['120.00'] })
export type AmountInput = z.infer<typeof amountInput>

/** RFC 3339, UTC, milliseconds. */
export const instantText = z
  .string()
  .meta({ format: 'date-time', examples: ['2026-01-01T12:00:00.000Z'] })

/** RFC 3339 with an offset; seconds may have decimals, of which milliseconds count. */
export const instantInput = z.iso.datetime({ offset: true })

export const auctionId = z.string().regex(ulidPattern)
export const epoch = z.string().min(1).max(64)
export const seq = z.int().nonnegative()

/** Made by the client; names one intention to bid, however often it is sent. */
export const bidIdPattern = /^[A-Za-z0-9_-]{8,64}$/
export const bidId = z.string().regex(bidIdPattern, '8 to 64 of A-Z a-z 0-9 _ -')

export const count = z.int().nonnegative()
