import { beforeEach, describe, expect, it } from 'vitest'
import { decide } from '../../src/auction/decide.ts'
import { evolve, fold } from '../../src/auction/evolve.ts'
import type { Auction } from '../../src/auction/state.ts'
import { decodeBatch, encodeBatch, encodeHead, Unreadable } from '../../src/engine/codec.ts'
import { type Append, createJournal, type Journal } from '../../src/engine/journal.ts'
import { keys, permanentRoots } from '../../src/engine/keyspace.ts'
import type { Batch, Head } from '../../src/engine/records.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { OutcomeUnknown } from '../../src/store/errors.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createMemoryWorld, type MemoryWorld } from '../../src/store/memory/world.ts'
import type { Guard, Store } from '../../src/store/store.ts'
import { conditions, startsAt } from '../support/given.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const id = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const lockKey = `${keys.locks(id)}/us~1`
const lock: Guard = { kind: 'present', key: lockKey }
let clock: ManualClock
let world: MemoryWorld
let store: Store
let journal: Journal

beforeEach(async () => {
  clock = createManualClock()
  world = createMemoryWorld({ clock })
  const entropy = seededEntropy(7)
  const deps = { clock, entropy, log: silentLog, metrics: silentMetrics, permanentRoots }
  store = openMemoryStore({ ...deps, sessionTimeoutMs: 6_000, world })
  journal = createJournal({ store, clock })
  const seller = { id: 'seller', name: 'Selma' }
  const at = startsAt
  const created = decide(undefined, {
    type: 'CreateAuction',
    at,
    seller,
    conditions: conditions({ mayRaiseOwnBid: true }),
  })
  if (!created.ok) throw new Error('not created')
  const state = fold(created.events)
  const batch: Batch = {
    batchId: 'first',
    slot: 1,
    firstSeq: 1,
    endsAtBefore: 0,
    events: created.events,
  }
  const ids = { count: 0, chunked: 0, recent: [] }
  const head: Head = { schema: 1, epoch: 'e', slot: 1, seq: state.seq, state, batch, ids }
  await store.commit({
    guards: [],
    writes: [
      { kind: 'create', key: keys.head(id), value: encodeHead(head) },
      { kind: 'create', key: keys.slot(id, 1), value: encodeBatch(batch) },
      { kind: 'create', key: lockKey, value: new Uint8Array(), ephemeral: store.session },
    ],
  })
})

/** The next batch on what is there now: one bid of so many dollars. */
async function nextBid(amount: number, batchId: string): Promise<Append> {
  const on = (await journal.loadHead(id))!
  const bidder = { id: 'ada', name: 'Ada' }
  const command = { bidId: batchId, bidder, amountMinor: amount * 100, at: startsAt + 1_000 }
  const decision = decide(on.head.state, { type: 'PlaceBid', ...command })
  if (!decision.ok) throw new Error(decision.rejection.code)
  const { events } = decision
  const state = events.reduce<Auction>((before, event) => evolve(before, event), on.head.state)
  const { slot, seq, ids } = on.head
  const batch = { batchId, slot: slot + 1, firstSeq: seq + 1, endsAtBefore: state.endsAt, events }
  return { auctionId: id, on, batch, state, ids, proof: [lock] }
}
async function writerOf(slot: number): Promise<string | undefined> {
  const entry = await store.get(keys.slot(id, slot))
  return entry && decodeBatch(entry.key, entry.value).batchId
}

describe('append', () => {
  it('lands with its lock standing, and tells the version for the next', async () => {
    const first = await journal.append(await nextBid(100, 'ours'))
    expect(first).toMatchObject({ kind: 'landed', head: { slot: 2, seq: 3 } })
    expect((await journal.loadHead(id))?.version).toBe(first.kind === 'landed' && first.version)
  })

  it('writes nothing when the lock it rests on is gone, although the slot is free and the head unchanged', async () => {
    const append = await nextBid(100, 'deposed')
    await store.commit({ guards: [], writes: [{ kind: 'delete', key: lockKey }] })
    expect(await journal.append(append)).toMatchObject({ kind: 'disproved', failed: [lock] })
    expect(await writerOf(2)).toBeUndefined()
  })

  it('writes nothing when the head is not the one it was decided on', async () => {
    const append = await nextBid(100, 'late')
    const head = (await journal.loadHead(id))!.head
    await store.commit({
      guards: [],
      writes: [{ kind: 'put', key: keys.head(id), value: encodeHead(head) }],
    })
    expect((await journal.append(append)).kind).toBe('overtaken')
    expect(await writerOf(2)).toBeUndefined()
  })

  it('of two for one slot lets exactly one land', async () => {
    const [a, b] = [await nextBid(100, 'a'), await nextBid(105, 'b')]
    const kinds = (await Promise.all([journal.append(a), journal.append(b)])).map(
      ({ kind }) => kind,
    )
    expect(kinds.sort()).toEqual(['landed', 'overtaken'])
  })

  it('finds its own batch after the answer was lost, even when another has appended since', async () => {
    world.dropReply(store.session)
    const pending = journal.append(await nextBid(100, 'lost'))
    await clock.advance(1)
    await journal.append(await nextBid(105, 'after'))
    await clock.advance(5_000)
    expect(await pending).toMatchObject({ kind: 'landed', head: { slot: 2 }, version: undefined })
    expect([await writerOf(2), await writerOf(3)]).toEqual(['lost', 'after'])
  })

  it('says unknown when the store stays silent after it was sent', async () => {
    const append = await nextBid(100, 'silent')
    world.dropReply(store.session)
    const pending = journal.append(append)
    const failure = expect(pending).rejects.toBeInstanceOf(OutcomeUnknown)
    await clock.advance(1)
    world.silence(store.session)
    await clock.advance(20_000)
    await failure
    world.heal(store.session)
    await clock.advance(10_000)
    expect(await writerOf(2)).toBe('silent')
  })
})

it('seekSlot finds the slot of every seq', async () => {
  for (let n = 0; n < 20; n++) await journal.append(await nextBid(100 + n * 5, `bid-${n}`))
  const { head } = (await journal.loadHead(id))!
  for (let seq = 1; seq <= head.seq; seq++) {
    const slot = await journal.seekSlot(id, head, seq)
    const [batch] = await journal.readBatches(id, slot, slot)
    expect(seq).toBeGreaterThanOrEqual(batch!.firstSeq)
    expect(seq).toBeLessThan(batch!.firstSeq + batch!.events.length)
  }
})

describe('a server that has lost a commit', () => {
  /** Two servers, of which the first lacks some keys, whatever was committed. */
  function lacking(isLost: (key: string) => boolean) {
    const distrusted: string[] = []
    const reads: Store = {
      ...store,
      session: store.session,
      get: async (key, options) =>
        distrusted.length === 0 && isLost(key) ? undefined : store.get(key, options),
      distrust: (reason) => void distrusted.push(reason),
    }
    return { distrusted, journal: createJournal({ store: reads, clock }) }
  }

  it('is left for another, and nothing is missing', async () => {
    await journal.append(await nextBid(100, 'kept'))
    const { distrusted, journal: reader } = lacking((key) => key === keys.slot(id, 1))
    const [first, second] = await reader.readBatches(id, 1, 2)
    expect([first?.batchId, second?.batchId]).toEqual(['first', 'kept'])
    expect(distrusted).toEqual([`${keys.slot(id, 1)} is missing`])
  })

  it('is not left for a slot that nobody wrote', async () => {
    const { distrusted, journal: writer } = lacking(() => false)
    await writer.append(await nextBid(100, 'ours'))
    await writer.readBatches(id, 1, 2)
    expect(distrusted).toEqual([])
  })

  it('is left when it goes on showing a head that is not the one', async () => {
    const stale = await nextBid(100, 'on an old head')
    await journal.append(await nextBid(105, 'lost there'))
    const { distrusted, journal: writer } = lacking((key) => key === keys.slot(id, 2))
    expect(await writer.append(stale)).toEqual({ kind: 'overtaken' })
    expect(distrusted).toEqual([`${keys.slot(id, 2)} is missing`])
  })

  it('where no server has the record, that auction is quarantined', async () => {
    await journal.append(await nextBid(100, 'kept'))
    await expect(journal.readBatches(id, 1, 3)).rejects.toThrow(Unreadable)
  })
})
