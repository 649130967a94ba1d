import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { AuctionJson, Phase } from '../protocol/auction.ts'
import type { ErrorCode } from '../protocol/error-code.ts'
import type { EventJson } from '../protocol/event.ts'
import type {
  AuctionListJson,
  ClusterJson,
  EventsPageJson,
  NewSessionJson,
  PageTokenJson,
  SecretRotationJson,
  TicketJson,
  TimeJson,
} from '../protocol/http.ts'
import type { CreateAuctionBody } from '../protocol/http-request.ts'
import type {
  BidAcceptanceJson,
  BidRefusalJson,
  BidTimingJson,
  BidUnknownJson,
} from '../protocol/outcome.ts'
import type { PersonJson } from '../protocol/person.ts'
import type { PositionJson } from '../protocol/up.ts'
import type { FetchLike, SocketConstructor } from './platform.ts'

/**
 * A client of any node of a cluster. It moves between nodes by itself, resumes what it watches, and settles bids whose
 * outcome got lost by sending the same bidId again.
 *
 * Every call either answers, or throws `Refused` (a node said no; see `code`) or `Unreachable` (no node answered in
 * time). `bid` never throws: all its endings are values.
 */
export interface Client {
  readonly session: SessionCalls
  readonly auctions: AuctionCalls
  readonly connection: Connection
  readonly clock: ClusterClock
  /** As the node that answers sees it. */
  cluster(): Promise<ClusterJson>
  /** Changes the secret that nodes know each other by. Needs the operator's token as `token`. */
  rotateSecret(): Promise<SecretRotationJson>
  /** The answering node's clock. */
  time(): Promise<TimeJson>
  /**
   * Places a bid: over the socket while that is live, else by HTTP. Sends the same bidId again, elsewhere if need be, until
   * the outcome is certain, at most for `limits.bidTotalMs` (30 s).
   */
  bid(bid: BidRequest): Promise<BidOutcome>
  /**
   * Follows an auction: first a snapshot (or, with `after`, the events since), then every event once and in order, across
   * nodes. Opens the socket when it is the first. `onUpdate` must not throw.
   */
  watch(auctionId: string, onUpdate: (update: FeedUpdate) => void, options?: WatchOptions): Watch
  /** Ends watches and the socket; bids that wait end `unknown`, or `rejected` where no copy left. */
  close(): void
}

export interface ClientOptions {
  /** Base URLs of at least one node, the preferred one first: `http://127.0.0.1:8080`. The others are learnt from it. */
  urls: readonly string[]
  token?: string | undefined
  fetch: FetchLike
  WebSocket: SocketConstructor
  clock: Clock
  entropy: Entropy
  log?: Log
  limits?: Partial<ClientLimits>
}

export interface ClientLimits {
  /** Until a new socket must be greeted by the node. */
  connectTimeoutMs: number
  /** How often the node is asked the time. */
  timeEveryMs: number
  /** A node that leaves a question unanswered for so long is taken for quiet, and left when it stays so. */
  quietMs: number
  /** A node that is not heard for so long is left. */
  silenceMs: number
  /** A node that says for so long that it is paused is left where another serves: then it is its own link that is cut. */
  pausePatienceMs: number
  /** Of one HTTP call to one node. */
  callTimeoutMs: number
  /** Nodes tried for one HTTP call that may be repeated. */
  callTriesMax: number
  /** How long one copy of a bid may go unanswered on a live socket. */
  bidReplyMs: number
  /** From `bid()` to its answer, all copies together. */
  bidTotalMs: number
  bidCopiesMax: number
  bidsWaitingMax: number
  /** How long a bid waits for a socket that is on its way before it goes by HTTP. */
  liveWaitMs: number
  watchesMax: number
  nodesMax: number
  /** How long a node that failed is left alone while another is there. */
  nodeRestMs: number
  /** How often the list of nodes is refreshed while a socket is live. */
  nodesEveryMs: number
  reconnectMinMs: number
  reconnectMaxMs: number
}

export interface SessionCalls {
  /** The bearer token in force: given, created here, or undefined (then a browser's cookie may still speak for us). */
  readonly token: string | undefined
  /** A guest session; in force from then on. */
  create(name: string): Promise<NewSessionJson>
  /**
   * For a page that was loaded anew and has only its cookie: takes a token into force that also serves on other nodes, or
   * that replaces one which ends soon. Asks the first of the given URLs where there is no token yet.
   * Undefined when nobody is signed in.
   */
  renew(): Promise<PageTokenJson | undefined>
  /** What signs this person in on another node, once, within 30 s. */
  ticket(): Promise<TicketJson>
  /** Signs in with a ticket that another node gave out; in force from then on. @throws Refused `sign-in-first` */
  redeem(ticket: string): Promise<NewSessionJson>
  /** Who we are, or undefined when nobody. */
  get(): Promise<PersonJson | undefined>
  /** Ends the session on every node. */
  end(): Promise<void>
  /** Takes a token from elsewhere into force (or none); an anonymous or refused socket says hello again with it. */
  use(token: string | undefined): void
}

export interface AuctionCalls {
  /** Repeating is safe: the client brings an Idempotency-Key of its own unless given one. */
  create(auction: CreateAuctionBody, options?: { idempotencyKey?: string }): Promise<AuctionJson>
  /** With `fresh` never older than any bid acknowledged before the call. @throws Refused `no-such-auction` */
  get(id: string, options?: { fresh?: boolean }): Promise<AuctionJson>
  list(query?: { phase?: Phase; limit?: number; cursor?: string }): Promise<AuctionListJson>
  /** The journal after seq `after`, in order. */
  events(id: string, query?: { after?: number; limit?: number }): Promise<EventsPageJson>
  cancel(id: string): Promise<AuctionJson>
  /** Whether the bid is in the journal. `final: false` says: not yet, but a copy may still land. */
  bidOutcome(id: string, bidId: string): Promise<BidLookup>
  /** Where the time of one of our newest bids went, as far as the node that answers knows. */
  bidTiming(id: string, bidId: string): Promise<BidTimingJson>
}

export type BidLookup = BidAcceptanceJson | { readonly outcome: 'none'; readonly final: boolean }

export interface BidRequest {
  auctionId: string
  /** Decimal, in the auction's currency: `"120.00"`. */
  amount: string | number
  /** 8 to 64 of `A-Za-z0-9_-`; one is made when absent. The same id settles an earlier bid instead of placing another. */
  bidId?: string | undefined
  /**
   * An earlier program's bid with this id ended unknown: a copy may still land, so that only `accepted` or a final refusal
   * can be the answer. What this client itself sent it remembers.
   */
  hasEarlierCopies?: boolean | undefined
  /** Gives up waiting; the outcome is then `unknown` where a copy may still land. */
  signal?: AbortSignal | undefined
}

export type BidOutcome = BidAccepted | BidRejected | BidUnknown

/** In the journal for ever, at `seq`. */
export type BidAccepted = BidAcceptanceJson & Copies

/** `final`: the bid can never land. Otherwise it did not, but the same bid may be placed again. */
export type BidRejected = Omit<BidRefusalJson, 'code'> &
  Copies & {
    /** Of the wire, or `not-sent`: no copy reached a node. */
    readonly code: ErrorCode | 'not-sent'
    readonly detail?: string | undefined
  }

/** Nobody could tell in time. Call `bid` again with the same bidId: it cannot count twice. */
export type BidUnknown = BidUnknownJson & Copies

/** How many copies were sent: more than one says that the outcome had to be settled. */
export interface Copies {
  readonly copyCount: number
}

export interface FeedUpdate {
  readonly kind: 'snapshot' | 'events'
  readonly auctionId: string
  readonly epoch: string
  /**
   * In order, none told before. Of a snapshot: what it brought of the newest history; at the first one or after a jump
   * that may not reach back to `prevSeq`.
   */
  readonly events: readonly EventJson[]
  /** As it is after the last event. */
  readonly auction: AuctionJson
  /** Where we were before; 0 at the first. */
  readonly prevSeq: number
  readonly seq: number
  /** Present when the history between `prevSeq` and `seq` was not told in full; absent at the first snapshot. */
  readonly jump?: FeedJump
}

/** `other-history`: the auction was restored and counts anew. `behind`: so many events are not in `events`. */
export type FeedJump =
  | { readonly reason: 'other-history'; readonly fromEpoch: string }
  | { readonly reason: 'behind'; readonly missedCount: number }

export interface WatchOptions {
  /** Resume from here instead of beginning with a snapshot. */
  after?: PositionJson | undefined
  /** A node has confirmed the watch, on each new socket: what comes from here on has no gap to what was told. */
  onResumed?: ((position: PositionJson) => void) | undefined
  /** People who watch on the same node. */
  onPresence?: ((watcherCount: number) => void) | undefined
  /** The watch is over without our asking: no such auction. */
  onEnd?: ((reason: 'no-such-auction') => void) | undefined
}

export interface Watch {
  /** The last event that was told; undefined before the first update. */
  readonly position: PositionJson | undefined
  end(): void
}

/** idle: no socket is wanted, or signing in comes first. reconnecting: it was live and shall be again. */
export type ConnectionState = 'idle' | 'connecting' | 'live' | 'reconnecting'

export interface Connection {
  readonly state: ConnectionState
  /** Of the node that is, or was last, connected. */
  readonly nodeId: string | undefined
  readonly url: string | undefined
  /** Who the node takes us for on this socket. */
  readonly user: PersonJson | undefined
  /** Why our node takes no bids just now; undefined while it does. It is left soon, where another takes them. */
  readonly paused: string | undefined
  /** The node leaves a question unanswered: it may be frozen, or the network gone. What is shown may be old. */
  readonly isQuiet: boolean
  /** The node wants a valid session before it lets us in again: `session.create` or `session.use`. */
  readonly isSignInNeeded: boolean
  /** All nodes known: the given ones and those learnt. */
  readonly urls: readonly string[]
  /** Called after any of the above has changed. Returns the way to stop listening. */
  onChange(listener: () => void): () => void
  /** Called when a socket is live again after one was lost, on another node or the same. */
  onMoved(listener: (move: Move) => void): () => void
  /** Tries at once instead of waiting out the backoff: the machine woke up, the network is back. */
  retryNow(): void
  /** From now on this node is gone to only where no other is well: somebody beside us is on it. Undefined: as before. */
  keepApart(nodeId: string | undefined): void
}

export interface Move {
  readonly from: { readonly nodeId: string | undefined; readonly url: string }
  readonly to: { readonly nodeId: string | undefined; readonly url: string }
  /** From where each watched auction is resumed; nothing before it is told twice, nothing after it is left out unsaid. */
  readonly resumed: readonly { readonly auctionId: string; readonly position: PositionJson }[]
  /** How long there was no live socket. */
  readonly gapMs: number
}

/** Cluster time as estimated over the socket: the best of the last samples by round trip. */
export interface ClusterClock {
  /** Cluster time minus this machine's wall clock; undefined before the first sample. */
  offsetMs(): number | undefined
  /** Round trip of the best sample; half of it bounds the error. */
  rttMs(): number | undefined
  /** Cluster time in ms since 1970; by the wall clock before the first sample. */
  now(): number
}
