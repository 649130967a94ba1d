import { z } from 'zod'
import { auctionJson } from './auction.ts'
import { eventJson } from './event.ts'
import { personJson } from './person.ts'
import { count, epoch, instantText, seq } from './scalar.ts'

/** Bodies of answers. The token is shown in the answer that creates the session, and never again. */
export const newSessionJson = z
  .object({ token: z.string(), user: personJson })
  .meta({ id: 'NewSession' })
export type NewSessionJson = z.infer<typeof newSessionJson>

/** Another token of the same session, for a page to keep in its memory. */
export const pageTokenJson = z
  .object({ token: z.string(), user: personJson, expiresAt: instantText })
  .meta({ id: 'PageToken' })
export type PageTokenJson = z.infer<typeof pageTokenJson>

export const ticketJson = z
  .object({ ticket: z.string(), expiresAt: instantText })
  .meta({ id: 'Ticket' })
export type TicketJson = z.infer<typeof ticketJson>

export const sessionJson = z.object({ user: personJson }).meta({ id: 'Session' })
export type SessionJson = z.infer<typeof sessionJson>

export const auctionListJson = z
  .object({ items: z.array(auctionJson), nextCursor: z.string().nullable() })
  .meta({ id: 'AuctionList' })
export type AuctionListJson = z.infer<typeof auctionListJson>

/** `seq` is the journal's newest: while it is above the last event's, there is more. */
export const eventsPageJson = z
  .object({ epoch, events: z.array(eventJson), seq })
  .meta({ id: 'EventsPage' })
export type EventsPageJson = z.infer<typeof eventsPageJson>

export const timeJson = z
  .object({ serverTime: instantText, offsetMs: z.number(), errorMs: z.number() })
  .meta({ id: 'Time' })
export type TimeJson = z.infer<typeof timeJson>

const memberJson = z.object({
  nodeId: z.string(),
  url: z.string(),
  /** The operator's. */
  pid: z.int().optional(),
  /** The operator's. */
  version: z.string().optional(),
  ready: z.boolean(),
  clockOffsetMs: z.number(),
})
export type MemberJson = z.infer<typeof memberJson>

/** A server of the store as it tells of itself; null where it does not. `isOurs`: the answering node's session is on it. */
const storeServerJson = z.object({
  server: z.string(),
  state: z.enum(['serving', 'not-serving', 'silent', 'unknown']),
  role: z.enum(['leader', 'follower', 'observer', 'alone']).nullable(),
  version: z.string().nullable(),
  isOurs: z.boolean(),
})
export type StoreServerJson = z.infer<typeof storeServerJson>

/** What one node sees of the cluster, just now. `ensemble` is absent where the store has no servers, and like all that is the operator's for others. */
export const clusterJson = z
  .object({
    node: z.string(),
    leader: z.object({ nodeId: z.string(), term: z.number() }).nullable(),
    members: z.array(memberJson),
    store: z.object({
      kind: z.enum(['memory', 'embedded', 'zookeeper', 'etcd']),
      state: z.enum(['serving', 'suspended', 'lost']),
      /** The operator's, as `ensemble`. */
      servers: z.array(z.string()).optional(),
      watchCount: count,
      ephemeralCount: count,
      ensemble: z.array(storeServerJson).optional(),
    }),
    locks: z.array(
      z.object({ auctionId: z.string(), nodeId: z.string(), waiters: z.array(z.string()) }),
    ),
    /** Only on nodes of `lotkeeper demo`: where they can be killed, frozen and restarted. */
    demo: z.object({ controlUrl: z.string() }).optional(),
  })
  .meta({ id: 'Cluster' })
export type ClusterJson = z.infer<typeof clusterJson>

/** `from`: of a revocation, whose lock it was. `count`: hand-overs within a second are told as one. */
const lockTurnJson = z.object({
  at: instantText,
  kind: z.enum(['handed-over', 'revoked', 'lost']),
  auctionId: z.string(),
  from: z.string().nullable(),
  count,
})
export type LockTurnJson = z.infer<typeof lockTurnJson>

/** What became of auction locks on the answering node lately, the oldest first. */
export const lockTurnsJson = z
  .object({ node: z.string(), turns: z.array(lockTurnJson) })
  .meta({ id: 'LockTurns' })
export type LockTurnsJson = z.infer<typeof lockTurnsJson>

/** `previousGoodUntil` is null where there was none before. */
export const secretRotationJson = z
  .object({ number: count, previousGoodUntil: instantText.nullable() })
  .meta({ id: 'SecretRotation' })
export type SecretRotationJson = z.infer<typeof secretRotationJson>

/** `ready` false comes with 503 and the reasons. */
export const readinessJson = z
  .object({ ready: z.boolean(), reasons: z.array(z.string()) })
  .meta({ id: 'Readiness' })
export type ReadinessJson = z.infer<typeof readinessJson>
