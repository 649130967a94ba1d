import { z } from 'zod'
import { auctionJson } from './auction.ts'
import { eventJson } from './event.ts'
import { bidAcceptanceJson, bidRefusalJson, bidUnknownJson, errorCode } from './outcome.ts'
import { personJson } from './person.ts'
import { auctionId, count, epoch, instantText, seq } from './scalar.ts'

/** On connect, and again after each `hello`; `user` when the socket is signed in. */
const welcome = z.object({
  type: z.literal('welcome'),
  nodeId: z.string(),
  protocol: z.int(),
  user: personJson.optional(),
  serverTime: instantText,
})
/** The auction as it is at `seq`, and its newest events up to there. What came before is void. */
const snapshot = z.object({
  type: z.literal('snapshot'),
  auctionId,
  epoch,
  seq,
  auction: auctionJson,
  recent: z.array(eventJson),
})
/** The events after `prevSeq` up to `seq`, without a gap, and the auction as it is after the last. */
const events = z.object({
  type: z.literal('events'),
  auctionId,
  epoch,
  prevSeq: seq,
  seq,
  events: z.array(eventJson),
  auction: auctionJson,
})
const outcomeOf = { type: z.literal('outcome'), auctionId: z.string() }
/** Exactly one for each `bid` frame, in the order in which they are settled. */
const outcome = z.discriminatedUnion('outcome', [
  bidAcceptanceJson.extend(outcomeOf),
  bidRefusalJson.extend(outcomeOf),
  bidUnknownJson.extend(outcomeOf),
])
/** `t1` received, `t2` sent: ms since 1970 of cluster time. */
const time = z.object({
  type: z.literal('time'),
  t0: z.number(),
  t1: z.number(),
  t2: z.number(),
})
/** The store does not serve: nothing can be bid, nothing closes. */
const paused = z.object({ type: z.literal('paused'), reason: z.string() })
const resumed = z.object({ type: z.literal('resumed') })
/** People who watch on this node. */
const presence = z.object({ type: z.literal('presence'), auctionId, watchers: count })
const error = z.object({
  type: z.literal('error'),
  code: errorCode,
  message: z.string(),
  auctionId: z.string().optional(),
})

/** Node to client. Clients ignore types and fields that they do not know. */
export const down = z.union([
  welcome,
  snapshot,
  events,
  outcome,
  time,
  paused,
  resumed,
  presence,
  error,
])

export type Down = z.infer<typeof down>
export type DownType = Down['type']
export type Welcome = z.infer<typeof welcome>
export type Snapshot = z.infer<typeof snapshot>
export type Events = z.infer<typeof events>
export type Outcome = z.infer<typeof outcome>
export type TimeAnswer = z.infer<typeof time>
export type Paused = z.infer<typeof paused>
export type Resumed = z.infer<typeof resumed>
export type Presence = z.infer<typeof presence>
export type ErrorFrame = z.infer<typeof error>
