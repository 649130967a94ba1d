import { decodeBatch, decodeHead } from '../../../src/engine/codec.ts'
import { keys } from '../../../src/engine/keyspace.ts'
import { systemEntropy } from '../../../src/lib/entropy.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { silentMetrics } from '../../../src/lib/metrics.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { openStore } from '../../../src/node/open-store.ts'

/** Time given back for an outage, as it lies in the store: the wire does not tell which outage it was for. */
export interface Credit {
  readonly auctionId: string
  readonly outageId: string | undefined
  /** In cluster time: the end in force before, when it was given, and the end from then on. */
  readonly from: number
  readonly at: number
  readonly endsAt: number
  /** The incarnation that committed it. */
  readonly writer: string
}

export interface Account {
  readonly credits: readonly Credit[]
  /** In cluster time; more than one would be one too many. */
  readonly closedAt: readonly number[]
  readonly seq: number
}

/** Reads journals from the store itself, beside the nodes. */
export interface AccountBook {
  /** @throws while the store does not serve */
  of(auctionId: string): Promise<Account>
  close(): Promise<void>
}

export async function openAccountBook(
  storeUrl: string,
  sessionTimeoutMs: number,
): Promise<AccountBook> {
  const { store } = await openStore(storeUrl, {
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
    sessionTimeoutMs,
  })
  const read = async (key: string, options?: { fresh: true }) => {
    const entry = await store.get(key, options)
    if (entry === undefined) throw new Error(`${key} is missing`)
    return entry.value
  }
  return {
    async of(auctionId) {
      const headKey = keys.head(auctionId)
      const head = decodeHead(headKey, await read(headKey, { fresh: true }))
      const credits: Credit[] = []
      const closedAt: number[] = []
      for (let slot = 1; slot <= head.slot; slot++) {
        const key = keys.slot(auctionId, slot)
        const { batchId, events } = decodeBatch(key, await read(key))
        for (const event of events) {
          if (event.type === 'AuctionClosed') closedAt.push(event.at)
          if (event.type !== 'AuctionExtended' || event.reason !== 'outage') continue
          const { outageId, from, at, endsAt } = event
          const writer = batchId.replace(/\.\d+$/, '')
          credits.push({ auctionId, outageId, from, at, endsAt, writer })
        }
      }
      return { credits, closedAt, seq: head.seq }
    },
    close: () => store.close(),
  }
}
