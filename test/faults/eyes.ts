import { keys } from '../../src/engine/keyspace.ts'
import { decodeBatch, decodeHead } from '../../src/engine/codec.ts'
import { sleep } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { type Beacon, readBeacon } from '../../src/recipes/beacon.ts'
import { readQueue } from '../../src/recipes/lock.ts'
import { placesOf } from '../../src/recipes/queue.ts'
import { nameOf } from '../../src/store/key.ts'
import type { Leftovers, RawBatch } from '../checker/history.ts'

/**
 * The driver's own look into the store, beside the nodes. `/api/v1/cluster` tells who held a lock within the last second; a lock
 * in contention changes hands a hundred times in that, so whoever wants to hit its holder has to look here.
 */
export interface Eyes {
  /** Who holds and who waits for an auction's lock just now, in order. */
  lockQueue(auctionId: string): Promise<QueuePlace[]>
  leader(): Promise<QueuePlace | undefined>
  beacon(): Promise<Beacon | undefined>
  /** The newest slot and seq, read fresh. */
  head(auctionId: string): Promise<{ slot: number; seq: number }>
  rawLog(auctionId: string): Promise<RawBatch[]>
  /** All that hangs on sessions, and the newest incarnation of each node. */
  leftovers(auctionIds: readonly string[]): Promise<Pick<Leftovers, 'members' | 'ephemerals'>>
  close(): Promise<void>
}

export interface QueuePlace {
  readonly nodeId: string
  readonly revision: bigint
}

const triesMax = 120
const againMs = 250
const readAtOnce = 64

export async function openEyes(storeUrl: string, sessionTimeoutMs: number): Promise<Eyes> {
  const { store } = await openStore(storeUrl, {
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
    sessionTimeoutMs,
  })
  /** All that was committed before is seen by what we read next. */
  const catchUp = () => store.get(keys.generation, { fresh: true })
  const queue = (dir: string) =>
    untilServed(async () => {
      await catchUp()
      return readQueue(store, dir)
    })
  const readSlot = async (auctionId: string, slot: number): Promise<RawBatch> => {
    const key = keys.slot(auctionId, slot)
    const entry = await untilServed(() => store.get(key))
    if (entry === undefined) throw new Error(`${key} is missing below its head`)
    const { batchId, firstSeq, events } = decodeBatch(key, entry.value)
    return {
      slot,
      firstSeq,
      eventCount: events.length,
      // A node's engine counts its batches behind a prefix of its own.
      writer: batchId.replace(/\.\d+$/, ''),
      bidIds: events.flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : [])),
      revision: entry.createRevision.toString(),
    }
  }
  const head = async (auctionId: string) => {
    const key = keys.head(auctionId)
    const entry = await untilServed(() => store.get(key, { fresh: true }))
    if (entry === undefined) throw new Error(`${key} is missing`)
    const { slot, seq } = decodeHead(key, entry.value)
    return { slot, seq }
  }
  return {
    lockQueue: (auctionId) => queue(keys.locks(auctionId)),
    leader: async () => (await queue(keys.leader))[0],
    beacon: async () => (await untilServed(() => readBeacon(store, { fresh: true }))).beacon,
    head,
    async rawLog(auctionId) {
      const { slot: last } = await head(auctionId)
      const slots = Array.from({ length: last }, (_, index) => index + 1)
      const batches: RawBatch[] = []
      for (let at = 0; at < slots.length; at += readAtOnce) {
        const some = slots.slice(at, at + readAtOnce)
        batches.push(...(await Promise.all(some.map((slot) => readSlot(auctionId, slot)))))
      }
      return batches
    },
    async leftovers(auctionIds) {
      await untilServed(catchUp)
      const members = await untilServed(() => placesOf(store, keys.members))
      const dirs = [keys.leader, ...auctionIds.map((id) => keys.locks(id))]
      const contenders: string[] = []
      for (const dir of dirs) {
        for (const { key } of await untilServed(() => store.list(dir))) contenders.push(key)
      }
      // In the order of their revisions: of one node the newest is kept.
      const newest = new Map(members.map(({ key }) => memberIn(key)))
      return {
        members: [...newest.values()],
        ephemerals: [
          ...members.map(({ key }) => ({ key, incarnation: memberIn(key)[1] })),
          ...contenders.map((key) => ({ key, incarnation: nameOf(key).split('~')[0] ?? '' })),
        ],
      }
    },
    close: () => store.close(),
  }
}

/** `members/<nodeId>~<incarnation>`. */
function memberIn(key: string): [nodeId: string, incarnation: string] {
  const [nodeId = '', incarnation = ''] = nameOf(key).split('~')
  return [nodeId, incarnation]
}

/** The store may be in the middle of an election, or this process short of time. */
async function untilServed<T>(read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read()
    } catch (error) {
      if (tries >= triesMax) throw error
      await sleep(systemClock, againMs)
    }
  }
}
