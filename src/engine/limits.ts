/** Every limit of the engine, with what happens at it. */
export const engineLimits = {
  /** Encoded events of one batch; the next bid waits for the next batch. */
  batchBytesMax: 24 * 1024,
  /** Kept free of bids, so that a close always fits. */
  controlBytesReserved: 1024,
  /** Bids taken from the line at once: more than fit in a batch. What does not is decided in the next one, under the same lock. */
  handMax: 256,
  /** Bids that wait on this node for one auction; beyond it they are refused as `overloaded`. */
  waitingBidsMax: 2_000,
  /** How long a bid waits, in its mailbox or for a late close; then `overloaded` or `closing`. */
  bidWaitMsMax: 5_000,
  /** A holder that is forwarded bids answers within five of our commit times, within these bounds; then we queue for the lock. */
  forwardMs: 500,
  forwardMsMax: 2_000,
  /** A bid that was forwarded and came back so often waits for the lock. */
  forwardReturnsMax: 3,
  /** Auctions whose holder is remembered; beyond it the queue is read again. */
  holdersKnownMax: 20_000,
  /** How long an unknown commit is asked after before the callers are told `unknown`. */
  unknownMsMax: 5_000,
  /** Commits tried for one batch that others overtake; then its bids are refused as `overloaded`. */
  decideAgainMax: 50,
  /** A lock nobody uses or wants is released after this. */
  lockIdleMs: 10_000,
  /** Locks held at once; beyond that the least recently used go first, so many in one commit. */
  locksHeldMax: 1_000,
  locksLeftTogether: 32,
  /** A lock that others wait for is kept for so long from when it was got, while bids come; then the batch in hand is the last. */
  lockTenureMs: 15,
  /** Until then, a holder without bids waits so long for those that answers bring about. */
  lockLingerMs: 4,
  /** Where those who are answered bid again at once, and so many are expected, */
  gatherFrom: 4,
  /** the next batch waits for them so long after the answers. */
  gatherMs: 8,
  /** A holder finishes bids stamped before the end, while a close waits, for at most this. */
  yieldToCloseMsMax: 2_000,
  /** Auctions of which this node remembers the newest state; the least recently used is read again. */
  copiesMax: 20_000,
  /** Bid ids in the head before they are written to a chunk; and when the holder waits for that write. */
  recentIdsMax: 256,
  recentIdsHardMax: 1_024,
  /** Batches of events kept decoded. */
  batchCacheMax: 2_000,
  /** Events a room keeps to answer those who come back. */
  ringEventsMax: 512,
  /** Events sent in one frame when catching up; more is sent as a snapshot. */
  resumeEventsMax: 2_000,
  /** Newest events shown with a snapshot. */
  snapshotEventsMax: 50,
  /** Buffered bytes of a socket at which it is conflated, and given up. */
  slowBytes: 256 * 1024,
  slowBytesMax: 1024 * 1024,
  slowMsMax: 10_000,
  /** Reads in flight at once when many auctions are read for a list. */
  parallelReads: 64,
  /** Auctions known to the list; beyond it the oldest closed ones are left out. */
  listedMax: 50_000,
  /** Of those whose end may move, read again for the list each second; more take turns. */
  listedMovesMax: 512,
  /** The leader's sweep: its pause between buckets; keys looked at in one, and at once; keys it remembers the time of. */
  sweepPauseMs: 2_000,
  sweepKeysMax: 512,
  sweepParallel: 8,
  sweepKnownMax: 200_000,
  /** A leader's closes and openings in flight at once. */
  controlParallel: 64,
  /** Lists of the to-do list between rings. */
  agendaListMs: 5_000,
  /** A bucket of it that rings again so soon is listed after this. */
  agendaPauseMs: 500,
  /** Overdue by this, a live auction makes followers depose the leader. */
  overdueMsMax: 5_000,
} as const
