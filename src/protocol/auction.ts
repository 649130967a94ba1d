import { z } from 'zod'
import { personJson } from './person.ts'
import { amountText, auctionId, count, epoch, instantText, seq } from './scalar.ts'

const phases = ['scheduled', 'open', 'closed', 'cancelled'] as const
export const phase = z.enum(phases)
export type Phase = z.infer<typeof phase>

const incrementBandJson = z.object({ from: amountText, step: amountText })

/** One amount where one increment holds throughout, else bands by standing bid. */
export const incrementJson = z.union([amountText, z.array(incrementBandJson)])
export type IncrementJson = z.infer<typeof incrementJson>

export const softCloseJson = z
  .object({
    windowMs: count,
    extensionMs: count,
    mode: z.enum(['add', 'reset']),
    maxExtensions: count.optional(),
    hardEndsAt: instantText.optional(),
  })
  .meta({ id: 'SoftClose' })
export type SoftCloseJson = z.infer<typeof softCloseJson>

const standingBidJson = z
  .object({ amount: amountText, bidder: personJson, at: instantText, seq })
  .meta({ id: 'StandingBid' })
export type StandingBidJson = z.infer<typeof standingBidJson>

export const resultJson = z
  .object({
    outcome: z.enum(['sold', 'passed']),
    hammerPrice: amountText.optional(),
    winner: personJson.optional(),
  })
  .meta({ id: 'Result' })
export type ResultJson = z.infer<typeof resultJson>

/** An auction as the public may see it, at place `seq` of its journal. */
export const auctionJson = z
  .object({
    id: auctionId,
    epoch,
    title: z.string(),
    description: z.string(),
    descriptionCut: z
      .literal(true)
      .optional()
      .meta({ description: 'In lists: the description is longer than this beginning of it' }),
    seller: personJson,
    currency: z.string(),
    phase,
    startsAt: instantText,
    endsAt: instantText,
    startPrice: amountText,
    standingBid: standingBidJson.nullable(),
    /** Null when nothing can be bid any more. */
    minimumNextBid: amountText.nullable(),
    bidCount: count,
    increment: incrementJson,
    softClose: softCloseJson.nullable(),
    mayRaiseOwnBid: z.boolean(),
    extensions: count.meta({ description: 'How often a late bid has moved the end' }),
    result: resultJson.nullable(),
    seq,
    serverTime: instantText,
  })
  .meta({ id: 'Auction' })
export type AuctionJson = z.infer<typeof auctionJson>
