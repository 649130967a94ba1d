import { decide } from '../auction/decide.ts'
import type { AuctionEvent } from '../auction/events.ts'
import { evolve } from '../auction/evolve.ts'
import type { Auction } from '../auction/state.ts'
import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import { OperatingError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Lock } from '../recipes/lock.ts'
import type { Guard, Key, Store, Write } from '../store/store.ts'
import { findAcceptance } from './acceptance.ts'
import { type BatchDecision, decideBatch, repeated } from './batch-decision.ts'
import type { WaitingBid } from './waiting-bid.ts'
import { slotsOf, withAccepted } from './bid-ids.ts'
import type { BidTimings } from './bid-timings.ts'
import type { BidTiming } from './engine.ts'
import type { Control, ControlOutcome } from './control.ts'
import type { Copies, Copy } from './copies.ts'
import type { Forwarder } from './forwarder.ts'
import type { HeldLocks } from './held-locks.ts'
import type { IdChunks } from './id-chunks.ts'
import type { Journal } from './journal.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { refuse } from './bid-line.ts'

export interface TurnDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  journal: Journal
  copies: Copies
  locks: HeldLocks
  chunks: IdChunks
  newBatchId: () => string
  /** A bid too late for the end in force: it waits for the close, or for the end to move (late-bids.ts). */
  putLate: (auctionId: string, bid: WaitingBid) => void
  noteCommitMs: (ms: number) => void
  timings: BidTimings
  /** Absent where there is no way to other nodes: then we queue for every lock. */
  forwarder?: Forwarder | undefined
}

/** Others overtook us `decideAgainMax` times: this copy of the bids is not counted. */
export class Overtaken extends OperatingError {
  constructor() {
    super('overloaded', 'other nodes were faster every time; try again')
  }
}

interface Decided {
  events: readonly AuctionEvent[]
  eventsText?: string
  state: Auction
  acceptedHashes: readonly number[]
  proof: readonly Guard[]
  alsoWrite: readonly Write[]
}

/** The lock, and the newest state to decide on. The copy is read after the lock was taken over, and its ids are complete. */
export async function standUp(
  deps: TurnDeps,
  auctionId: string,
  signal: AbortSignal,
): Promise<{ lock: Lock; copy: Copy | undefined }> {
  const startMs = deps.clock.monotonicMs()
  const { lock, isNew } = await deps.locks.hold(auctionId, signal)
  if (isNew) {
    const waitedMs = deps.clock.monotonicMs() - startMs
    deps.metrics.observe('bid_seconds', waitedMs / 1_000, { stage: 'lock' })
    deps.copies.doubt(auctionId)
  }
  const copy = await versionedCopy(deps.copies, auctionId)
  if (copy === undefined || copy.idsComplete) return { lock, copy }
  return { lock, copy: await deps.copies.completeIds(auctionId) }
}

/** A plain read may bring a head older than the one we know, and then no version to commit on: only then a fresh one is paid. */
async function versionedCopy(copies: Copies, auctionId: string): Promise<Copy | undefined> {
  const known = copies.peek(auctionId)
  if (known?.version !== undefined) return known
  const loaded = await copies.load(auctionId)
  const isOld = loaded !== undefined && loaded.version === undefined
  return isOld ? copies.load(auctionId, { fresh: true }) : loaded
}

/**
 * Decides and commits the bids in hand until each is answered or put to the late ones.
 * @throws Suspended (not sent), OutcomeUnknown, TooLarge, Overtaken, Unreadable, SessionLost: the unanswered are the caller's
 */
export async function placeBids(
  deps: TurnDeps,
  auctionId: string,
  bids: readonly WaitingBid[],
  limits: { bytesMax: number; signal: AbortSignal; lockedForMs: number; mayYield: () => boolean },
): Promise<void> {
  const clockMs = () => deps.clock.monotonicMs()
  const takenMs = clockMs()
  let hand = bids
  for (let tries = 0; hand.length > 0; tries++) {
    if (tries >= engineLimits.decideAgainMax) throw new Overtaken()
    if (!deps.locks.holds(auctionId)) hand = boundHere(hand, undefined)
    if (hand.length === 0) return
    const standMs = clockMs()
    const { lock, copy } = await standUp(deps, auctionId, limits.signal)
    const stoodMs = clockMs() - standMs
    if (copy === undefined) {
      hand.forEach((bid) => refuse(bid, 'no-such-auction'))
      return
    }
    await deps.chunks.settle(auctionId, lock)
    hand = await withoutKnown(deps, copy, boundHere(hand, lock.guard.key))
    const decision = decideBatch(copy.head.state, hand, limits.bytesMax)
    const isLast = decision.verdicts.length === hand.length && limits.mayYield()
    if (!(await prove(deps, lock, copy, decision, isLast))) continue
    const commitMs = clockMs() - standMs - stoodMs
    const batchSize = decision.acceptedHashes.length
    decision.verdicts.forEach((verdict, index) => {
      const bid = must(hand[index], 'bid')
      if (verdict.kind === 'late' && bid.boundTo !== undefined) refuse(bid, 'closing')
      else if (verdict.kind === 'late') deps.putLate(auctionId, bid)
      else {
        const spent = { takenMs, lockedForMs: limits.lockedForMs, stoodMs, commitMs, batchSize }
        if (verdict.outcome.outcome === 'accepted') noteTiming(deps.timings, auctionId, bid, spent)
        bid.answer(verdict.outcome)
      }
    })
    hand = hand.slice(decision.verdicts.length)
    tries = -1
  }
}

/** What may be decided under this key. Whoever forwarded the rest hears that it was not taken. */
function boundHere(hand: readonly WaitingBid[], lockKey: Key | undefined): readonly WaitingBid[] {
  const isHere = ({ boundTo }: WaitingBid) => boundTo === undefined || boundTo === lockKey
  if (hand.every(isHere)) return hand
  hand.filter((bid) => !isHere(bid)).forEach((bid) => refuse(bid, 'overloaded'))
  return hand.filter(isHere)
}

/** A bid that joined while the lock was awaited waited for it no longer than it was here. */
function noteTiming(
  timings: BidTimings,
  auctionId: string,
  bid: WaitingBid,
  spent: Omit<BidTiming, 'waitedMs' | 'lockMs'> & {
    takenMs: number
    lockedForMs: number
    stoodMs: number
  },
): void {
  const { takenMs, commitMs, batchSize } = spent
  const { command, sinceMs } = bid
  const beforeMs = Math.max(0, takenMs - sinceMs)
  const inLineForLockMs = Math.min(spent.lockedForMs, beforeMs)
  const lockMs = inLineForLockMs + spent.stoodMs
  const waitedMs = beforeMs - inLineForLockMs
  const { bidder, bidId } = command
  bid.timing = { waitedMs, lockMs, commitMs, batchSize }
  // Of a forwarded one the node asks that it came to.
  if (bid.boundTo === undefined) timings.note({ auctionId, bidderId: bidder.id, bidId }, bid.timing)
}

/** One command, in a commit of its own. @throws as placeBids */
export async function carryOut(
  deps: TurnDeps,
  auctionId: string,
  control: Control,
  signal: AbortSignal,
): Promise<ControlOutcome> {
  for (let tries = 0; tries < engineLimits.decideAgainMax; tries++) {
    const isFree = control.proof.length > 0 && (await isNobodysTurn(deps, auctionId))
    const { lock, copy } = isFree
      ? { lock: undefined, copy: await versionedCopy(deps.copies, auctionId) }
      : await standUp(deps, auctionId, signal)
    if (copy === undefined) return { kind: 'no-such-auction' }
    const before = copy.head.state
    const decision = decide(before, control.command)
    if (!decision.ok) return { kind: 'refused', rejection: decision.rejection }
    const { events } = decision
    const state = events.reduce<Auction>((folded, event) => evolve(folded, event), before)
    const isOver = state.phase === 'closed' || state.phase === 'cancelled'
    const alsoWrite: Write[] = isOver ? [{ kind: 'delete', key: keys.live(auctionId) }] : []
    const { proof } = control
    const done = await append(deps, lock, copy, {
      events,
      state,
      acceptedHashes: [],
      proof,
      alsoWrite,
    })
    if (done === 'disproved') return { kind: 'disproved' }
    if (done === 'landed') return { kind: 'done', copy: must(deps.copies.peek(auctionId), 'copy') }
  }
  throw new Overtaken()
}

/**
 * Whether nobody stands in the lock's queue, we included. A leader's command then goes without the lock: its own proof and the
 * head that it was decided on guard it as ever, and there is nobody whose bids it would have to wait for.
 */
async function isNobodysTurn(deps: TurnDeps, auctionId: string): Promise<boolean> {
  if (deps.locks.holds(auctionId)) return false
  return (await deps.store.list(keys.locks(auctionId))).length === 0
}

/** Answers bids that the journal holds already; the rest is still to be decided. */
async function withoutKnown(
  deps: TurnDeps,
  copy: Copy,
  hand: readonly WaitingBid[],
): Promise<readonly WaitingBid[]> {
  if (!hand.some((bid) => slotsOf(copy.ids, bid.hash).length > 0)) return hand
  const unknown: WaitingBid[] = []
  for (const bid of hand) {
    const { bidder, bidId } = bid.command
    const wanted = { bidderId: bidder.id, bidId, hash: bid.hash }
    const first = await findAcceptance(deps.journal, copy, wanted)
    if (first === undefined) unknown.push(bid)
    else bid.answer(repeated(first, bid.command))
  }
  return unknown
}

/**
 * Makes a decision true: by its commit, or, where it only refuses for now, by a fresh read of lock and head. With `isLast` the
 * commit lets whoever waits have the lock, when our time is over.
 */
async function prove(
  deps: TurnDeps,
  lock: Lock,
  copy: Copy,
  decision: BatchDecision,
  isLast: boolean,
): Promise<boolean> {
  const auctionId = copy.id
  if (decision.events.length > 0) {
    deps.metrics.observe('batch_size', decision.acceptedHashes.length)
    const farewell = isLast ? deps.locks.farewell(auctionId) : undefined
    const alsoWrite = farewell === undefined ? [] : [farewell]
    const done = await append(deps, lock, copy, { ...decision, proof: [], alsoWrite })
    if (done !== 'landed') return false
    if (farewell === undefined) deps.chunks.flush(auctionId, lock)
    else deps.locks.left(auctionId)
    return true
  }
  const { verdicts } = decision
  if (!verdicts.some((verdict) => verdict.kind === 'answer' && verdict.needsProof)) return true
  const slot = copy.head.slot
  const [own, now] = await Promise.all([
    deps.store.get(lock.guard.key, { fresh: true }),
    deps.copies.load(auctionId, { fresh: true }),
  ])
  if (own === undefined) await deps.locks.release(auctionId)
  return own !== undefined && now?.head.slot === slot
}

/** One commit. `again`: decide again, on what is there now. Without a lock the caller brings a proof of his own. */
async function append(
  deps: TurnDeps,
  lock: Lock | undefined,
  copy: Copy,
  decided: Decided,
): Promise<'landed' | 'disproved' | 'again'> {
  const { head, id: auctionId } = copy
  const slot = head.slot + 1
  const startMs = deps.clock.monotonicMs()
  const appended = await deps.journal.append({
    auctionId,
    on: { head, version: must(copy.version, 'version') },
    batch: {
      batchId: deps.newBatchId(),
      slot,
      firstSeq: head.seq + 1,
      endsAtBefore: head.state.endsAt,
      events: decided.events,
    },
    eventsText: decided.eventsText,
    state: decided.state,
    ids: withAccepted(deps.chunks.trimmed(copy), slot, decided.acceptedHashes),
    proof: [...(lock === undefined ? [] : [lock.guard]), ...decided.proof],
    alsoWrite: decided.alsoWrite,
  })
  const tookMs = deps.clock.monotonicMs() - startMs
  deps.noteCommitMs(tookMs)
  deps.metrics.observe('bid_seconds', tookMs / 1_000, { stage: 'commit' })
  if (appended.kind === 'landed') {
    deps.copies.adopt(auctionId, appended.head, appended.version)
    for (const event of decided.events) {
      if (event.type === 'AuctionExtended') {
        deps.metrics.count('extensions_total', { reason: event.reason })
      }
    }
    return 'landed'
  }
  await deps.copies.load(auctionId, { fresh: true })
  if (appended.kind === 'overtaken') return 'again'
  if (!appended.failed.some(({ key }) => key === lock?.guard.key)) return 'disproved'
  await deps.locks.release(auctionId)
  return 'again'
}
