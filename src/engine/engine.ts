import type { Conditions } from '../auction/conditions.ts'
import type { AuctionEvent } from '../auction/events.ts'
import type { Minor } from '../auction/money.ts'
import type { Person } from '../auction/person.ts'
import type { AuctionView } from '../auction/view.ts'
import type { StoreHealth, StoreKind } from '../store/store.ts'
import type { StoreServer } from '../store/survey.ts'
import type { NodePasses } from './node-passes.ts'
import type { StoreFill } from './store-fill.ts'

/**
 * What the transports may ask of a node. Instants are ms since 1970 of cluster time, amounts minor units.
 * Besides the refusals that are values below, every call may throw an OperatingError: `suspended` (the store is not
 * serving; nothing happened), `outcome-unknown` (ask again with the same id), `unsettled` (our clock is; try shortly).
 */
export interface Engine {
  readonly bidding: Bidding
  readonly catalogue: Catalogue
  readonly feeds: LiveFeeds
  readonly guests: Guests
  readonly cluster: ClusterView
  readonly time: ClusterTime
  /** Shown by one node to another that it forwards bids to. */
  readonly nodes: NodePasses
  readonly storeFill: StoreFill
}

export interface Bidding {
  /** Settles within about 5 s plus one store deadline, and never throws: every outcome is a value. */
  place(bid: BidRequest): Promise<BidOutcome>
  /** Undefined for a bid that was taken by another node, long ago, or not at all. */
  timing(auctionId: string, bidder: Person, bidId: string): BidTiming | undefined
}

/** Where the time of an accepted bid went on the node that took it, in ms. */
export interface BidTiming {
  /** In line, before its turn. */
  waitedMs: number
  /** Until the node held the auction's lock; 0 where it held it already. */
  lockMs: number
  /** Deciding and committing, in a batch of `batchSize` bids. */
  commitMs: number
  batchSize: number
}

export interface BidRequest {
  auctionId: string
  bidId: string
  bidder: Person
  amountMinor: Minor
}

export type BidOutcome = BidAcceptance | BidRefusal | { outcome: 'unknown'; bidId: string }

export interface BidAcceptance {
  outcome: 'accepted'
  bidId: string
  seq: number
  amountMinor: Minor
  at: number
  /** As they were right after this bid; a later bid has moved them on. Null once the auction is over. */
  minimumNextBidMinor: Minor | null
  endsAt: number
}

export interface BidRefusal {
  outcome: 'rejected'
  bidId: string
  code: BidRefusalCode
  /** Whether more time can only confirm it; if not, this copy of the bid is not counted and may be sent again. */
  final: boolean
  /** The journal's place at which it was decided. */
  seq?: number
  minimumNextBidMinor?: Minor
  endsAt?: number
  retryAfterMs?: number
}

export type BidRefusalCode =
  | 'bid-too-low'
  | 'closed'
  | 'seller-may-not-bid'
  | 'not-open'
  | 'own-bid'
  | 'step-too-large'
  | 'bid-id-reused'
  | 'overloaded'
  | 'store-unavailable'
  | 'closing'
  | 'no-such-auction'
  /** The auction's records cannot be read (newer schema, or damaged): nobody may write here. */
  | 'quarantined'

export interface AuctionRecord {
  readonly id: string
  readonly epoch: string
  readonly title: string
  readonly description: string
  readonly auction: AuctionView
}

export interface NewAuction {
  seller: Person
  title: string
  description: string
  currency: string
  startPriceMinor: Minor
  increments: Conditions['increments']
  /** Absent: opens in the very answer. */
  startsAt?: number
  /** One of the two. */
  endsAt?: number
  durationMs?: number
  softClose: Conditions['softClose']
  mayRaiseOwnBid: boolean
  /** The same key of the same seller gives the same auction. */
  idempotencyKey?: string
}

export type CreateOutcome =
  | { ok: true; record: AuctionRecord }
  | { ok: false; code: 'bad-conditions'; field: string; detail: string }
  | { ok: false; code: 'idempotency-key-reused' }
  /** Of this seller, or in all, too many are scheduled or open. */
  | { ok: false; code: 'too-many-auctions'; of: 'seller' | 'cluster' }

export interface Catalogue {
  create(auction: NewAuction): Promise<CreateOutcome>
  /** What the same creation with the same idempotency key came to before; undefined when there was none. */
  createdBefore(auction: NewAuction): Promise<CreateOutcome | undefined>
  /** Those that are scheduled or open, as of about a second ago. */
  liveAmong(ids: readonly string[]): Promise<string[]>
  /** With `fresh` never older than any bid acknowledged before the call, on any node. */
  get(id: string, options?: { fresh?: boolean }): Promise<AuctionRecord | undefined>
  /** The currency never changes, so this is answered from memory once known. */
  currencyOf(id: string): Promise<string | undefined>
  /** Ordered by endsAt, then id; up to about a second old. Undefined for a cursor that we did not give. */
  list(query: ListQuery): Promise<{ items: AuctionRecord[]; nextCursor: string | null } | undefined>
  /** From the journal, in order, no gaps; at most `limit` events after seq `after`. */
  events(id: string, query: { after: number; limit: number }): Promise<EventPage | undefined>
  bid(id: string, bidder: Person, bidId: string): Promise<BidLookup>
  cancel(id: string, by: Person): Promise<CancelOutcome>
}

export interface ListQuery {
  phase?: AuctionView['phase']
  limit: number
  cursor?: string
}

export interface EventPage {
  epoch: string
  events: SequencedEvent[]
  /** The journal's newest seq. */
  seq: number
}

export interface SequencedEvent {
  readonly seq: number
  readonly event: AuctionEvent
}

export type BidLookup =
  | { found: true; acceptance: BidAcceptance }
  /** Final once the auction is over: then it can land no more. */
  | { found: false; final: boolean }
  | { found: 'no-such-auction' }

export type CancelOutcome =
  | { ok: true; record: AuctionRecord }
  | {
      ok: false
      code: 'no-such-auction' | 'not-seller' | 'has-bids' | 'closed' | 'quarantined' | 'overloaded'
    }

/** A place in one history: a position of another epoch means nothing here. */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export interface LiveFeeds {
  /**
   * Sends the viewer every event after `after`, or a snapshot first when there is no `after`, or it cannot be resumed.
   * Frames are sent in order; resolves when the first has been sent. A viewer that is gone is sent nothing, and nothing is
   * opened for it.
   */
  subscribe(auctionId: string, viewer: Viewer, after?: Position): Promise<Subscription | undefined>
  /** People watching on this node. */
  watcherCount(auctionId: string): number
}

export interface Subscription {
  end(): void
}

/** One socket, as the feed sees it. The feed conflates above 256 KiB buffered and gives up above 1 MiB, or after 10 s. */
export interface Viewer {
  bufferedBytes(): number
  /** It left, or asked anew: what it asked for needs not be done any more. */
  isGone(): boolean
  send(frame: string): void
  tooSlow(): void
}

/** Encoders of the wire, given to the engine so that each event is serialised once per node. */
export interface FeedEncoder {
  events(batch: FeedBatch): string
  snapshot(record: AuctionRecord, recent: readonly SequencedEvent[]): string
  presence(auctionId: string, watcherCount: number): string
}

export interface FeedBatch {
  auctionId: string
  epoch: string
  /** The seq before the first event. */
  prevSeq: number
  seq: number
  events: readonly SequencedEvent[]
  /** As it is after the last event. */
  record: AuctionRecord
}

/** What a token stands for. Several tokens may be of one session: they end together. */
export interface GuestSession {
  readonly person: Person
  /** One for all tokens of the session. */
  readonly id: string
  /** Hash of the session's first token, and of the one that was shown. */
  readonly root: string
  readonly tokenHash: string
  /** Ms since 1970. */
  readonly seenAt: number
  readonly expiresAt: number
  /** See `standing`. */
  readonly generation: number
}

export interface NewSession {
  /** 256 random bits, shown once; the store keeps their SHA-256. */
  readonly token: string
  readonly person: Person
  readonly expiresAt: number
}

/** doubtful: the store was away, or much was missed: only `identify` can tell. */
export type Standing = 'stands' | 'ended' | 'doubtful'

export type Reads = 'none' | 'plain' | 'fresh'

export interface Guests {
  create(name: string): Promise<NewSession>
  /**
   * Undefined for a token that is unknown, or whose session is over.
   * @param options `reads`: `none` asks no store, so whom this node does not believe already is unknown; `plain` asks the nearest
   * server, which may not have what was made elsewhere a moment ago; `fresh` (the default) asks on until that is certain
   */
  identify(token: string, options?: { reads?: Reads }): Promise<GuestSession | undefined>
  /** As `identify`, past what this node believes. */
  lookAgain(token: string): Promise<GuestSession | undefined>
  /** What this node knows of it now, without asking anybody. */
  standing(session: GuestSession): Standing
  /** Once it resolves no token of the session is good here, and within 2 s on no node. */
  end(session: GuestSession): Promise<void>
  /** A token for the memory of a page: another of the same session, the same one for about half a day. */
  pageToken(session: GuestSession, token: string): Promise<{ token: string; expiresAt: number }>
  /** Good once, for 30 s, on whatever node. */
  issueTicket(session: GuestSession): Promise<{ ticket: string; expiresAt: number }>
  /** A further token of the session that asked for the ticket; undefined when it is unknown, used or over. */
  redeem(ticket: string): Promise<NewSession | undefined>
  /** Told of sessions that ended on any node, or that so many did that everybody has to be looked up again. */
  onEnded(listener: (ended: ReadonlySet<string> | 'unknown') => void): () => void
}

export interface ClusterView {
  status(): Promise<ClusterStatus>
  /** What became of locks on this node lately, the oldest first. */
  lockTurns(): readonly LockTurn[]
  /** paused: the store does not serve; nothing can be bid, nothing closes. */
  readonly service: ServiceState
  onServiceChange(listener: (state: ServiceState) => void): () => void
  /** Advertised URLs of all members, and of those that were here before (64 are remembered): allowed origins. */
  memberUrls(): readonly string[]
}

export type ServiceState =
  { readonly state: 'serving' } | { readonly state: 'paused'; readonly reason: string }

export interface ClusterStatus {
  nodeId: string
  leader: { nodeId: string; term: number } | null
  members: MemberStatus[]
  store: StoreStatus
  locks: { auctionId: string; nodeId: string; waiters: string[] }[]
}

/** One thing that happened to the lock of an auction on this node. */
export interface LockTurn {
  readonly at: number
  /** handed-over: we let a waiter have it. revoked: we took it from a holder without progress. lost: we had it no more. */
  readonly kind: 'handed-over' | 'revoked' | 'lost'
  readonly auctionId: string
  /** Of a revocation: whose it was, where that is known. */
  readonly from: string | null
  /** Hand-overs within a second count as one turn. */
  count: number
}

export interface StoreStatus extends StoreHealth {
  readonly kind: StoreKind
  readonly state: 'serving' | 'suspended' | 'lost'
  /** Undefined where the store has no servers; some seconds old. */
  readonly ensemble?: readonly EnsembleServer[] | undefined
}

export interface EnsembleServer extends StoreServer {
  /** This node's session is on it. */
  readonly isOurs: boolean
}

export interface MemberStatus {
  nodeId: string
  url: string
  pid: number
  version: string
  ready: boolean
  clockOffsetMs: number
}

export interface ClusterTime {
  /** Undefined while unsettled: then this node neither stamps nor leads. */
  now(): number | undefined
  /** Cluster time minus this machine's wall clock. */
  offsetMs(): number
  errorMs(): number
}
