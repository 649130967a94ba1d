/**
 * The port: all that Lotkeeper asks of a store. `test/store/conformance` is its specification; this page is the summary.
 *
 * Keys are slash paths (`head/7/01J…`; see key.ts). A key is a leaf or a directory, never both; directories appear by
 * themselves and are never listed. Commits are strictly serializable; plain reads may be stale, fresh reads may not.
 *
 * Not promised: that a watch tells what changed, or how often; that a list is one moment's truth; that an ephemeral of a
 * lost session is gone already; that a call which failed with OutcomeUnknown did, or did not, or will not yet happen.
 */
export interface Store {
  readonly kind: StoreKind
  /** The session in force. After a loss the store opens a new one by itself; ephemerals never move over. */
  readonly session: Session
  readonly limits: StoreLimits
  /** What an operator wants to know: reachable servers, watches and ephemerals in use. Never throws, never waits. */
  health(): StoreHealth

  /** Told at each change of `session`, its state, or `health().isFull`, after the change. Returns the way to stop listening. */
  onSessionChange(listener: (session: Session) => void): () => void

  /**
   * One leaf, or undefined. A plain read is never older than what this session has seen: its own commits, its earlier
   * reads, the change behind a ring. With `fresh` never older than any commit that finished (anywhere) before this call
   * began; fresh reads that wait at the same time share one barrier.
   * @throws Suspended when the store cannot answer within the deadline
   */
  get(key: Key, options?: ReadOptions): Promise<Entry | undefined>

  /**
   * The direct leaves of a directory, in no promised order; empty when it does not exist. May be torn: it can miss a leaf
   * that came meanwhile and skips what vanished. Its cost grows with the leaves of this directory, not of others.
   * @throws Suspended
   */
  list(dir: Key, options?: ListOptions): Promise<Leaf[]>

  /**
   * All of the writes or none, and only if every guard holds. Every write brings a guard of its own: `create` needs the
   * key absent, `put` and `delete` need it present. A refused commit is a value that names every guard seen failing.
   * @throws OutcomeUnknown sent, but no answer in time: it may have happened, or may still
   * @throws Suspended not sent, and never will be
   * @throws SessionLost an ephemeral was asked of a session that is over; nothing happened
   * @throws TooLarge beyond `limits`; nothing was sent
   */
  commit(commit: Commit, options?: CallOptions): Promise<CommitResult>

  /**
   * A doorbell, not a mailbox: "look again". Rings once as soon as it is armed, after every change of the leaf (or: when a
   * direct leaf of the directory comes or goes), and after every break in which a change could have been missed. Rings may
   * merge and may be idle. Whoever reads after each ring, plain reads included, ends with the newest. Ends when `signal`
   * aborts; while suspended it waits. Beyond the budget of watches it polls.
   */
  watch(target: WatchTarget, options: { signal: AbortSignal }): AsyncIterable<void>

  /**
   * What was read cannot be: the server that answers us lacks what was committed (ZooKeeper's can, after a bug of their own).
   * Where there are others the store goes on with one of them, on the same session; at most once in a third of the session
   * timeout, otherwise this does nothing. Never throws, never waits.
   */
  distrust(reason: string): void

  /** Gives up the session at once (ephemerals go now, not at its timeout), stops everything. Never throws. */
  close(): Promise<void>
}

export type StoreKind = 'memory' | 'embedded' | 'zookeeper' | 'etcd'

export type Key = string

export interface Entry {
  readonly key: Key
  readonly value: Uint8Array
  /** Opaque: compares for equality only, and only between entries of one key. */
  readonly version: string
  /** Store-wide, rising: of two keys the one created later has the greater. Stays the same through puts. */
  readonly createRevision: bigint
}

export interface Leaf {
  readonly key: Key
  /** Present when `createRevisions` was asked for. */
  readonly createRevision?: bigint
}

export interface CallOptions {
  /** Gives up waiting. A commit that was already sent then fails with OutcomeUnknown. */
  signal?: AbortSignal
  /** How long to wait for the store; the default is the store's own (a third of the session timeout). */
  deadlineMs?: number
}
export interface ReadOptions extends CallOptions {
  fresh?: boolean
}
export interface ListOptions extends CallOptions {
  createRevisions?: boolean
}

export interface Commit {
  guards: readonly Guard[]
  writes: readonly Write[]
}

export type Guard =
  | { readonly kind: 'absent'; readonly key: Key }
  | { readonly kind: 'present'; readonly key: Key }
  /** Only for keys of a permanent root: elsewhere a key may be deleted and made anew with an old version. */
  | { readonly kind: 'unchanged'; readonly key: Key; readonly version: string }

export type Write =
  /** With `ephemeral` the leaf lives no longer than that session. */
  | {
      readonly kind: 'create'
      readonly key: Key
      readonly value: Uint8Array
      readonly ephemeral?: Session
    }
  | { readonly kind: 'put'; readonly key: Key; readonly value: Uint8Array }
  /** Never of a key of a permanent root. */
  | { readonly kind: 'delete'; readonly key: Key }

export type CommitResult = Committed | Refused

export interface Committed {
  readonly ok: true
  /** The store-wide revision of this commit: the createRevision of every key that it created. */
  readonly revision: bigint
  /** The new version of each key that was created or put. */
  readonly versions: ReadonlyMap<Key, string>
}

export interface Refused {
  readonly ok: false
  /** Every guard (given, or brought by a write) that was seen failing; at least one. */
  readonly failed: readonly Guard[]
}

export type WatchTarget = { readonly key: Key } | { readonly dir: Key }

/**
 * serving: the store answered lately, and our session stood. suspended: we cannot tell; nothing is sent but attempts to
 * find out. lost: for good; ephemerals are gone or going. The clock for this is our own monotonic one: silence for a third of
 * the session timeout suspends, silence for a whole one loses.
 */
export interface Session {
  /** Never reused, fit for use inside a key: letters and digits. */
  readonly id: string
  readonly state: SessionState
  /** Aborts when the session is lost, not when it is suspended. */
  readonly lost: AbortSignal
}
export type SessionState = 'serving' | 'suspended' | 'lost'

export interface StoreHealth {
  readonly servers: readonly string[]
  readonly watchCount: number
  readonly ephemeralCount: number
  /**
   * Writes are refused for want of room, as this node was told by one of its own; it tries until one is taken. Reads and
   * deletions go on where the store can.
   */
  readonly isFull?: boolean
}

export interface StoreLimits {
  readonly valueBytesMax: number
  /** Guards and writes of one commit together. */
  readonly opsMax: number
  readonly keyBytesMax: number
  /** Budgets of one session: ZooKeeper's reconnect packet and snapshots break beyond. */
  readonly watchesMax: number
  readonly ephemeralsMax: number
}

/** The same on every backend, enforced before anything is sent. */
export const storeLimits: StoreLimits = {
  valueBytesMax: 64 * 1024,
  opsMax: 64,
  keyBytesMax: 256,
  watchesMax: 1_500,
  ephemeralsMax: 1_500,
}
