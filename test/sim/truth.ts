import { formatAmount } from '../../src/auction/money.ts'
import { decodeBatch, decodeHead } from '../../src/engine/codec.ts'
import { keys } from '../../src/engine/keyspace.ts'
import type { Batch, Head } from '../../src/engine/records.ts'
import { encodeEvent } from '../../src/gateway/encode/event.ts'
import type { MemoryWorld } from '../../src/store/memory/world.ts'
import type { JournalEvent } from '../checker/history.ts'

// A look at the store from outside the world: no way, no delay, nothing stale.

export function readHead({ server }: MemoryWorld, auctionId: string): Head | undefined {
  const key = keys.head(auctionId)
  const leaf = server.get(key)
  return leaf === undefined ? undefined : decodeHead(key, leaf.value)
}

export interface TrueBatch {
  readonly batch: Batch
  readonly revision: bigint
}

export function readBatches(world: MemoryWorld, auctionId: string): TrueBatch[] {
  const batches: TrueBatch[] = []
  for (let slot = 1; ; slot++) {
    const key = keys.slot(auctionId, slot)
    const leaf = world.server.get(key)
    if (leaf === undefined) return batches
    batches.push({ batch: decodeBatch(key, leaf.value), revision: leaf.createRevision })
  }
}

/** The journal as it lies there, in the words of the wire. */
export function readJournal(world: MemoryWorld, auctionId: string): JournalEvent[] {
  const events: JournalEvent[] = []
  let currency = ''
  for (const { batch } of readBatches(world, auctionId)) {
    for (const [index, event] of batch.events.entries()) {
      if (event.type === 'AuctionCreated') currency = event.conditions.currency
      const told = encodeEvent({ seq: batch.firstSeq + index, event }, currency)
      const outageId = event.type === 'AuctionExtended' ? event.outageId : undefined
      events.push(outageId === undefined ? told : { ...told, outageId })
    }
  }
  return events
}

/** How the head has it. */
export function trueView(world: MemoryWorld, auctionId: string) {
  const head = readHead(world, auctionId)
  if (head === undefined) return undefined
  const { seq, state } = head
  const { phase, endsAt, conditions } = state
  const result = state.phase === 'closed' ? state.result : undefined
  const sold = result?.outcome === 'sold' ? result : undefined
  return {
    ...{ phase, seq, endsAt: new Date(endsAt).toISOString() },
    extensions: 'extensionCount' in state ? state.extensionCount : 0,
    winner: sold?.winner.id,
    hammerPrice: sold && formatAmount(sold.hammerPriceMinor, conditions.currency),
  }
}

export interface QueueEntry {
  readonly key: string
  readonly sessionId: string
  readonly revision: bigint
}

export function firstInQueue({ server }: MemoryWorld, dir: string): QueueEntry | undefined {
  let first: QueueEntry | undefined
  for (const [key, leaf] of server.list(dir)) {
    if (first !== undefined && leaf.createRevision >= first.revision) continue
    first = { key, sessionId: leaf.owner ?? '', revision: leaf.createRevision }
  }
  return first
}
