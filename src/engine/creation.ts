import { createHash } from 'node:crypto'
import type { Conditions } from '../auction/conditions.ts'
import { decide } from '../auction/decide.ts'
import { fold } from '../auction/evolve.ts'
import { assert, must } from '../lib/assert.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { OperatingError } from '../lib/errors.ts'
import { newUlid } from '../lib/ulid.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { CommitResult, Store, Write } from '../store/store.ts'
import { decodeJson, encodeBatch, encodeHead, encodeJson, encodeLot } from './codec.ts'
import type { ClusterTime, NewAuction } from './engine.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { type Batch, type Head, schemaVersion } from './records.ts'

/** This node's clock is not settled: it does not stamp. */
export class Unsettled extends OperatingError {
  constructor() {
    super('unsettled', 'this node has no cluster time yet; try again shortly')
  }
}

export type Created =
  | { ok: true; auctionId: string }
  | { ok: false; code: 'bad-conditions'; field: string; detail: string }
  | { ok: false; code: 'idempotency-key-reused' }

/**
 * Creates an auction in one commit of head, slot 1, lot, live key and, with an idempotency key, the answer under that key:
 * the same key of the same seller gives the same auction, on whatever node.
 */
export async function createAuction(
  deps: { store: Store; clock: Clock; entropy: Entropy; time: ClusterTime },
  auction: NewAuction,
): Promise<Created> {
  const at = deps.time.now()
  if (at === undefined) throw new Unsettled()
  const conditions = conditionsOf(auction, at)
  const decision = decide(undefined, {
    type: 'CreateAuction',
    at,
    seller: auction.seller,
    conditions,
  })
  if (!decision.ok) {
    assert(decision.rejection.code === 'bad-conditions', 'a creation fails by its conditions only')
    const { field, detail } = decision.rejection
    return { ok: false, code: 'bad-conditions', field, detail }
  }
  const auctionId = newUlid(at, deps.entropy)
  const state = fold(decision.events)
  const batch: Batch = {
    batchId: deps.entropy.token(12),
    slot: 1,
    firstSeq: 1,
    endsAtBefore: 0,
    events: decision.events,
  }
  const head: Head = {
    schema: schemaVersion,
    epoch: deps.entropy.token(6),
    slot: 1,
    seq: state.seq,
    state,
    batch,
    ids: { count: 0, chunked: 0, recent: [] },
  }
  const { title, description } = auction
  const { startsAt, endsAt } = conditions
  const live = { startsAt: state.phase === 'scheduled' ? startsAt : 0, endsAt }
  const writes: Write[] = [
    { kind: 'create', key: keys.head(auctionId), value: encodeHead(head) },
    { kind: 'create', key: keys.slot(auctionId, 1), value: encodeBatch(batch) },
    { kind: 'create', key: keys.lot(auctionId), value: encodeLot({ title, description }) },
    { kind: 'create', key: keys.live(auctionId), value: encodeJson(live) },
  ]
  const request = requestOf(auction)
  if (request === undefined) {
    await commitOnce(deps, writes)
    return { ok: true, auctionId }
  }
  const value = encodeJson({ auctionId, fingerprint: request.fingerprint })
  const result = await commitOnce(deps, [...writes, { kind: 'create', key: request.key, value }])
  if (result.ok) return { ok: true, auctionId }
  const before = await answerUnder(deps.store, request)
  return must(before, 'a new auction is refused only for the key of its request')
}

/** What this very creation came to before, on whatever node; undefined when it did not, or without an idempotency key. */
export async function createdBefore(
  store: Store,
  auction: NewAuction,
): Promise<Created | undefined> {
  const request = requestOf(auction)
  return request === undefined ? undefined : answerUnder(store, request)
}

/** Sent again while its outcome is unknown: every key is new, so a copy that landed only refuses the next. */
async function commitOnce(
  { store, clock }: { store: Store; clock: Clock },
  writes: readonly Write[],
): Promise<CommitResult> {
  const giveUpAtMs = clock.monotonicMs() + engineLimits.unknownMsMax
  let unknown: OutcomeUnknown | undefined
  for (;;) {
    try {
      return await store.commit({ guards: [], writes })
    } catch (error) {
      if (error instanceof OutcomeUnknown) unknown = error
      else if (!(error instanceof Suspended)) throw error
      if (unknown === undefined) throw error
      if (clock.monotonicMs() >= giveUpAtMs) throw unknown
      await sleep(clock, 50)
    }
  }
}

interface Request {
  key: string
  fingerprint: string
}

function requestOf(auction: NewAuction): Request | undefined {
  const { idempotencyKey, seller, ...rest } = auction
  if (idempotencyKey === undefined) return undefined
  return {
    key: keys.request(sha256(`${seller.id}\n${idempotencyKey}`)),
    fingerprint: sha256(JSON.stringify(rest)),
  }
}

async function answerUnder(
  store: Store,
  { key, fingerprint }: Request,
): Promise<Created | undefined> {
  const entry = await store.get(key, { fresh: true })
  if (entry === undefined) return undefined
  const answer = decodeJson(key, entry.value) as { auctionId: string; fingerprint: string }
  if (answer.fingerprint !== fingerprint) return { ok: false, code: 'idempotency-key-reused' }
  return { ok: true, auctionId: answer.auctionId }
}

function conditionsOf(auction: NewAuction, at: number): Conditions {
  const startsAt = auction.startsAt ?? at
  const { currency, startPriceMinor, increments, softClose, mayRaiseOwnBid } = auction
  const endsAt = auction.endsAt ?? startsAt + (auction.durationMs ?? 0)
  return { currency, startPriceMinor, increments, startsAt, endsAt, softClose, mayRaiseOwnBid }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
