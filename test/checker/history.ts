import type { EventJson } from '../../src/protocol/event.ts'

/**
 * What a run saw, one JSON object a line, in the order in which it was seen. All instants (`atMs`) are of one monotonic clock,
 * the driver's: "before" means before. The checker needs nothing else, so an old file can be judged again.
 */
export type HistoryLine =
  | Meta
  | BidInvoke
  | BidAnswer
  | FreshRead
  | FeedSeen
  | LeaderSeen
  | BeaconSeen
  | Fault
  | Recovery
  | Journal
  | FinalView
  | RawLog
  | Frozen
  | Leftovers
  | End

/** What made this history: the first line. */
export interface Meta {
  readonly t: 'meta'
  readonly source: 'simulator' | 'fault runner'
  readonly seed: number
  /** Everything that has to be given to make it again, as it was given. */
  readonly options: Readonly<Record<string, unknown>>
  /** Of Lotkeeper (the commit), Node and the store. Absent in the simulator: its histories are the same on every machine. */
  readonly versions?: Readonly<Record<string, string>>
  /** What this run leaves out on purpose; P4 needs the lock, so a final refusal of a bid that stands is no violation then. */
  readonly without?: readonly 'lock'[]
  /** How far the clocks that nodes and watchers go by may be apart, beyond what is always allowed. */
  readonly clockSlackMs?: number
  /** Longest that each kind of recovery may take; a longer one is a violation. */
  readonly bounds?: Partial<Readonly<Record<RecoveryKind, number>>>
  /** The run ended while faults went on: closes, ends of feeds and views of every node were not waited for. */
  readonly isCutShort?: true
}

/**
 * A bid leaves its bidder. The same bidId again: sent once more, to settle it or to see that it counts once. In one auction a
 * bidId is one bidder's.
 */
export interface BidInvoke {
  readonly t: 'invoke'
  readonly atMs: number
  readonly auctionId: string
  readonly bidId: string
  readonly bidder: string
  readonly amount: string
}

export interface BidAnswer {
  readonly t: 'answer'
  readonly atMs: number
  readonly auctionId: string
  readonly bidId: string
  readonly outcome: 'accepted' | 'rejected' | 'unknown'
  /** The node that answered, where only one copy was sent. */
  readonly node?: string | undefined
  readonly seq?: number | undefined
  readonly amount?: string | undefined
  readonly code?: string | undefined
  readonly final?: boolean | undefined
  /** How often the client sent it to learn this. */
  readonly copies?: number | undefined
}

/** A read that may not be older than what anybody knew before `invokedMs`. */
export interface FreshRead {
  readonly t: 'read'
  /** Who read, where one reader's own reads are to be compared. */
  readonly client?: string
  /** False for a read out of a node's memory: only never older than what the same client read there before. */
  readonly isFresh?: boolean
  readonly invokedMs: number
  readonly atMs: number
  readonly auctionId: string
  readonly seq: number
}

/** One update of one watcher's feed. */
export interface FeedSeen {
  readonly t: 'feed'
  readonly atMs: number
  /** Wall clock of the driver's machine, on which the nodes run too. */
  readonly wallMs: number
  readonly watcher: string
  readonly auctionId: string
  readonly kind: 'snapshot' | 'events'
  readonly prevSeq: number
  readonly seq: number
  readonly events: readonly FeedEvent[]
  /** The client said itself that it could not tell everything in between. */
  readonly jump?: string | undefined
  /** The auction as it was shown with this update, as far as it was noted. */
  readonly shown?: FeedShown | undefined
}

/** All of it at the update's `seq`. What is left out is not judged; null: nobody's bid stands. */
export interface FeedShown {
  readonly phase?: string
  readonly endsAt?: string
  readonly extensions?: number
  readonly bidCount?: number
  readonly standing?: { readonly bidder: string; readonly amount: string } | null
}

export interface FeedEvent {
  readonly seq: number
  readonly type: EventJson['type']
  readonly bidId?: string
}

/** What one node said who leads. */
export interface LeaderSeen {
  readonly t: 'leader'
  readonly atMs: number
  readonly seenBy: string
  readonly nodeId: string
  readonly term: string
}

/** The leader's newest sign of life, read fresh from the store. */
export interface BeaconSeen {
  readonly t: 'beacon'
  readonly atMs: number
  readonly term: string
  readonly timeMs: number
}

/** What was done to a process, and how long the cluster took to get over it. */
export interface Fault {
  readonly t: 'fault'
  /** Right before the signal left. */
  readonly atMs: number
  readonly kind: FaultKind
  /** What the target was just then. */
  readonly role: FaultRole
  /** A node's id, or `store-2`. */
  readonly target: string
  /** The hot auction's newest seq right after (of a store server: before): what is acknowledged above it was decided later. */
  readonly hotSeq: number
  /** For people: which ways, where it has several kinds of them. */
  readonly detail?: string
}
export type FaultKind =
  | 'kill'
  | 'freeze'
  | 'thaw'
  | 'restart'
  /** SIGTERM: leaves in order. */
  | 'terminate'
  | 'cut'
  | 'half-open'
  | 'black-hole'
  | 'drop-reply'
  | 'truncate'
  | 'delay'
  | 'partition'
  | 'quorum-loss'
  | 'expire-session'
  | 'compact'
  | 'skew-clock'
  | 'flood'
  | 'never-read'
  | 'stale-reads'
  /** Stands still for moments, again and again. */
  | 'stutter'
  | 'packet-loss'
  | 'loose-cable'
  | 'thin-cable'
  /** Of a store: no room to write. */
  | 'full'
  /** Ends any of the above that lasts. */
  | 'heal'
export type FaultRole =
  'node' | 'holder' | 'leader' | 'store' | 'store-leader' | 'store-follower' | 'client'

/** Something that had to happen after a fault, and after how long it did; undefined when it was given up. */
export interface Recovery {
  readonly t: 'recovery'
  readonly atMs: number
  readonly target: string
  readonly what: RecoveryKind
  readonly tookMs: number | undefined
}
export type RecoveryKind =
  | 'lock taken away'
  | 'new leader'
  | 'ready again'
  | 'takes bids again'
  /** An auction whose end had come, after all was healed. */
  | 'closed'
  /** On the hot auction, by whomever, after all was healed. */
  | 'bidding goes on'
  /** Every node shows, read fresh, what had been committed when all was healed. */
  | 'nodes agree'
  /** One page heard of all that was in the journal, without anybody asking for it. */
  | 'feed told'
  /** All of a crowd whose node was killed heard, over other nodes, of what was committed since. */
  | 'crowd is back'

/** The whole journal of one auction, as one node told it at the end. */
export interface Journal {
  readonly t: 'journal'
  readonly node: string
  readonly auctionId: string
  readonly events: readonly JournalEvent[]
}

/** As nodes tell it; of an outage credit also which outage, where the observer could see that. */
export type JournalEvent = EventJson & { readonly outageId?: string | undefined }

/** An auction as one node showed it at the end. */
export interface FinalView {
  readonly t: 'view'
  readonly node: string
  readonly auctionId: string
  readonly phase: string
  readonly seq: number
  readonly endsAt: string
  readonly extensions: number
  readonly winner: string | undefined
  readonly hammerPrice: string | undefined
}

/** The hot auction's batches as they lie in the store: who wrote what when. */
export interface RawLog {
  readonly t: 'raw'
  readonly auctionId: string
  readonly batches: readonly RawBatch[]
}
export interface RawBatch {
  readonly slot: number
  readonly firstSeq: number
  readonly eventCount: number
  /** One incarnation of one node. */
  readonly writer: string
  readonly bidIds: readonly string[]
  /** Of the slot; store-wide and rising. */
  readonly revision: string
  /** The term whose leadership guarded the commit, where the observer could see that. */
  readonly term?: string
}

/** A node that was stopped while it held the lock: between these slots it must have written nothing. */
export interface Frozen {
  readonly t: 'frozen'
  readonly node: string
  readonly auctionId: string
  /** The newest slot when its lock key was seen gone. */
  readonly deposedSlot: number
  /** The newest slot right before it was woken. */
  readonly thawSlot: number
}

/** What still hung in the store well after the end, when all that was killed had had time to expire. */
export interface Leftovers {
  readonly t: 'leftovers'
  readonly atMs: number
  /** Incarnations that are members just then. */
  readonly members: readonly string[]
  /** Keys below `locks/`, `leader/` and `members/`, each with the incarnation it belongs to. */
  readonly ephemerals: readonly { readonly key: string; readonly incarnation: string }[]
}

/** The last line of a run that saw its end: what a file without it tells cannot be judged. */
export interface End {
  readonly t: 'end'
  readonly atMs: number
}

export const lineKinds = [
  ...([
    'meta',
    'invoke',
    'answer',
    'read',
    'feed',
    'leader',
    'beacon',
    'fault',
    'recovery',
  ] as const),
  ...(['journal', 'view', 'raw', 'frozen', 'leftovers', 'end'] as const),
] as const satisfies readonly HistoryLine['t'][]

export type LineOf<T extends HistoryLine['t']> = Extract<HistoryLine, { t: T }>

export function linesOf<T extends HistoryLine['t']>(
  history: readonly HistoryLine[],
  t: T,
): LineOf<T>[] {
  return history.filter((line): line is LineOf<T> => line.t === t)
}

export class NotAHistory extends Error {
  override readonly name = 'NotAHistory'
}

/**
 * What follows the last line break is a line that was cut off, and left out.
 * @throws NotAHistory, which names the line: no JSON, or no object with a kind
 */
export function parseHistory(text: string): HistoryLine[] {
  const history: HistoryLine[] = []
  const lines = text.split('\n').slice(0, -1)
  for (const [index, line] of lines.entries()) {
    if (line !== '') history.push(parseLine(line, index + 1))
  }
  if (history.length === 0) throw new NotAHistory('it holds no line')
  return history
}

function parseLine(line: string, number: number): HistoryLine {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch (error) {
    throw new NotAHistory(`line ${number} is no JSON: ${(error as Error).message}`)
  }
  const kind = (parsed as { t?: unknown } | null)?.t
  if (typeof kind !== 'string' || !(lineKinds as readonly string[]).includes(kind))
    throw new NotAHistory(`line ${number} is no line of a history (t is ${JSON.stringify(kind)})`)
  return parsed as HistoryLine
}
