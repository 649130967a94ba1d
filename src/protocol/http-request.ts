import { z } from 'zod'
import { protocolLimits as limits } from './limits.ts'
import { amountInput, bidId, instantInput } from './scalar.ts'
import { line, prose } from './text.ts'

/** What a person may be called. */
export const personName = line(limits.nameCharactersMax)

/** Bodies from callers. Unknown fields are refused, so that a misspelt condition does not become a default. */
export const createSessionBody = z
  .union([
    z.strictObject({ name: personName }),
    z.strictObject({ ticket: z.string().min(1).max(256) }),
  ])
  .meta({ id: 'CreateSession' })
export type CreateSessionBody = z.input<typeof createSessionBody>

const pauseMs = z.int().min(1).max(86_400_000)

const softCloseInput = z.strictObject({
  windowMs: pauseMs,
  extensionMs: pauseMs,
  mode: z.enum(['add', 'reset']),
  maxExtensions: z.int().min(0).max(100_000).optional(),
  hardEndsAt: instantInput.optional(),
})
export type SoftCloseInput = z.input<typeof softCloseInput>

const incrementInput = z.union([
  amountInput,
  z
    .array(z.strictObject({ from: amountInput, step: amountInput }))
    .min(1)
    .max(limits.incrementBandsMax),
])
export type IncrementInput = z.input<typeof incrementInput>

/** One of `endsAt` and `durationMs`; no `startsAt` means open in the very answer. */
export const createAuctionBody = z
  .strictObject({
    title: line(limits.titleCharactersMax),
    description: prose(limits.descriptionBytesMax).optional(),
    currency: z.string().optional().meta({ description: 'ISO 4217; USD without' }),
    startPrice: amountInput.optional().meta({ description: '100 without' }),
    increment: incrementInput.optional().meta({ description: '1 without' }),
    startsAt: instantInput.optional(),
    endsAt: instantInput.optional(),
    durationMs: z.int().min(limits.durationMsMin).max(limits.durationMsMax).optional(),
    softClose: softCloseInput
      .nullable()
      .optional()
      .meta({ description: 'null: none. Without: 30 s window, 60 s added' }),
    mayRaiseOwnBid: z.boolean().optional(),
  })
  .meta({ id: 'CreateAuction' })
export type CreateAuctionBody = z.input<typeof createAuctionBody>

/** `bidId` may come in the header Idempotency-Key instead. */
export const placeBidBody = z
  .strictObject({ bidId: bidId.optional(), amount: amountInput })
  .meta({ id: 'PlaceBid' })
export type PlaceBidBody = z.input<typeof placeBidBody>
