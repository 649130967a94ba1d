import type { Auction } from '../auction/state.ts'
import { assert } from '../lib/assert.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Commit, Guard, Store, Write } from '../store/store.ts'
import { decodeBatch, decodeHead, encodeAppend } from './codec.ts'
import { readExisting } from './existing.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { type Batch, type Head, schemaVersion } from './records.ts'

/** A head as read: `version` is what an append is guarded by. */
export interface LoadedHead {
  readonly head: Head
  readonly version: string
}

/**
 * Appends batches to an auction's log and reads them. The one commit that all safety rests on is built in `append`:
 * the next slot created exclusively, the head unchanged since it was decided on, every proof standing.
 */
export interface Journal {
  /** @throws Unreadable, Suspended */
  loadHead(auctionId: string, options?: { fresh?: boolean }): Promise<LoadedHead | undefined>
  /**
   * What became of the batch is always told: landed; overtaken (another batch has the slot: load again, decide again);
   * or the proof fell (a guard of `proof` no longer holds, and this batch can never land).
   * @throws OutcomeUnknown after asking for `unknownMsMax`; Suspended when it was never sent; TooLarge
   */
  append(append: Append): Promise<Appended>
  /** Slots `from` to `to`, in order. @throws Unreadable, Suspended */
  readBatches(auctionId: string, from: number, to: number): Promise<Batch[]>
  /** One slot at or below the head as the store has it, whatever is remembered. @throws Unreadable, Suspended */
  readBatch(auctionId: string, slot: number): Promise<Batch>
  /** The slot that holds event `seq` (1 to head.seq), by binary search. */
  seekSlot(auctionId: string, head: Head, seq: number): Promise<number>
}

export interface Append {
  readonly auctionId: string
  readonly on: LoadedHead
  readonly batch: Batch
  /** The batch's events as JSON, without the brackets, where the caller has it already. */
  readonly eventsText?: string | undefined
  readonly state: Auction
  readonly ids: Head['ids']
  /** Proof that we may: the lock's guard; for the leader's commands its leadership's too. */
  readonly proof: readonly Guard[]
  /** E.g. the deletion of the live key by a close. */
  readonly alsoWrite?: readonly Write[]
}

export type Appended =
  /** Without a version when others have appended since: load before the next append. */
  | { readonly kind: 'landed'; readonly head: Head; readonly version: string | undefined }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'disproved'; readonly failed: readonly Guard[] }

export function createJournal(deps: { store: Store; clock: Clock }): Journal {
  const { store, clock } = deps
  const batchCache = createGrowingCache<Batch>(engineLimits.batchCacheMax)

  const readBatch = async (auctionId: string, slot: number): Promise<Batch> => {
    const key = keys.slot(auctionId, slot)
    const batch = decodeBatch(key, (await readExisting(store, key)).value)
    batchCache.set(key, batch)
    return batch
  }
  /** Of a slot at or below the head. */
  const existingBatch = async (auctionId: string, slot: number): Promise<Batch> =>
    batchCache.get(keys.slot(auctionId, slot)) ?? readBatch(auctionId, slot)

  return {
    async loadHead(auctionId, options = {}) {
      const key = keys.head(auctionId)
      const entry = await store.get(key, options)
      if (entry === undefined) return undefined
      return { head: decodeHead(key, entry.value), version: entry.version }
    },
    append: (append) => commitBatch(store, clock, append),
    readBatch,
    async readBatches(auctionId, from, to) {
      const slots = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
      const batches: Batch[] = []
      for (let at = 0; at < slots.length; at += engineLimits.parallelReads) {
        const some = slots.slice(at, at + engineLimits.parallelReads)
        batches.push(...(await Promise.all(some.map((slot) => existingBatch(auctionId, slot)))))
      }
      return batches
    },
    async seekSlot(auctionId, head, seq) {
      assert(seq >= 1 && seq <= head.seq, `seq ${seq} is in the journal`)
      if (seq >= head.batch.firstSeq) return head.slot
      let low = 1
      let high = head.slot - 1
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if ((await existingBatch(auctionId, middle)).firstSeq <= seq) low = middle
        else high = middle - 1
      }
      return low
    },
  }
}

async function commitBatch(store: Store, clock: Clock, append: Append): Promise<Appended> {
  const { auctionId, on, batch } = append
  assert(batch.events.length > 0, 'a batch has events')
  assert(
    batch.slot === on.head.slot + 1 && batch.firstSeq === on.head.seq + 1,
    'slots have no gaps',
  )
  const head = headAfter(append)
  const slotKey = keys.slot(auctionId, batch.slot)
  const headKey = keys.head(auctionId)
  const encoded = encodeAppend(head, append.eventsText)
  const commit: Commit = {
    guards: [...append.proof, { kind: 'unchanged', key: headKey, version: on.version }],
    writes: [
      { kind: 'create', key: slotKey, value: encoded.slot },
      { kind: 'put', key: headKey, value: encoded.head },
      ...(append.alsoWrite ?? []),
    ],
  }
  const giveUpAtMs = clock.monotonicMs() + engineLimits.unknownMsMax
  let isUnknown = false
  for (;;) {
    try {
      const result = await store.commit(commit)
      if (result.ok) {
        const version = result.versions.get(headKey)
        assert(version !== undefined, 'a commit tells the version of what it put')
        return { kind: 'landed', head, version }
      }
      return await whoseSlot(store, append, result.failed)
    } catch (error) {
      if (error instanceof OutcomeUnknown) isUnknown = true
      else if (!(error instanceof Suspended)) throw error
      if (!isUnknown) throw error
      if (clock.monotonicMs() >= giveUpAtMs) throw new OutcomeUnknown(undefined, { cause: error })
      await sleep(clock, 50)
    }
  }
}

/** After a refused commit the slot decides: ours (an earlier copy landed), another's, or empty because the proof fell. */
async function whoseSlot(
  store: Store,
  append: Append,
  failed: readonly Guard[],
): Promise<Appended> {
  const { auctionId, batch } = append
  const slotKey = keys.slot(auctionId, batch.slot)
  const headKey = keys.head(auctionId)
  let entry
  try {
    entry = await store.get(slotKey, { fresh: true })
    if (entry !== undefined && decodeBatch(slotKey, entry.value).batchId === batch.batchId) {
      const now = await store.get(headKey, { fresh: true })
      assert(now !== undefined, 'a head is never deleted')
      const head = decodeHead(headKey, now.value)
      return head.slot === batch.slot
        ? { kind: 'landed', head, version: now.version }
        : { kind: 'landed', head: headAfter(append), version: undefined }
    }
  } catch (error) {
    // Refused is known, but not why: an earlier copy of this very batch may be what stands in its way.
    if (error instanceof Suspended)
      throw new OutcomeUnknown('the store went silent', { cause: error })
    throw error
  }
  if (entry !== undefined) return { kind: 'overtaken' }
  const proofKeys = new Set(append.proof.map((guard) => guard.key))
  const fallen = failed.filter((guard) => proofKeys.has(guard.key))
  if (fallen.length > 0) return { kind: 'disproved', failed: fallen }
  // Whatever changed the head has written this slot.
  if (failed.some(({ key }) => key === headKey || key === slotKey)) {
    store.distrust(`${slotKey} is missing`)
  }
  return { kind: 'overtaken' }
}

function headAfter({ on, batch, state, ids }: Append): Head {
  return {
    schema: schemaVersion,
    epoch: on.head.epoch,
    slot: batch.slot,
    seq: batch.firstSeq + batch.events.length - 1,
    state,
    batch,
    ids,
  }
}
