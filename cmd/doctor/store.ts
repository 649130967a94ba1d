import { existsSync } from 'node:fs'
import { asError } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { OperatingError } from '../../src/lib/errors.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { parseStoreAddress, type StoreAddress } from '../../src/node/store-address.ts'
import type { Finding } from './finding.ts'
import { checkServers } from './servers.ts'

/** A plain read should take no longer, or every bid will wait. */
const readWarnMs = 100
const readsCount = 5

/** Whether the store can be opened and read, how fast, and how it is set up. */
export async function checkStore(url: string, sessionTimeoutMs: number): Promise<Finding[]> {
  let address: StoreAddress
  try {
    address = parseStoreAddress(url)
  } catch (error) {
    return [{ check: 'store', state: 'fail', detail: asError(error).message }]
  }
  if (address.kind === 'memory') {
    const advice = 'Use embedded:FOLDER to keep auctions when the node ends.'
    return [{ check: 'store', state: 'warn', detail: 'memory: forgets everything', advice }]
  }
  if (address.kind === 'embedded' && !existsSync(address.folder))
    return [
      { check: 'store', state: 'ok', detail: `${address.folder} will be made at the first start` },
    ]
  const settings = address.kind === 'embedded' ? [] : await checkServers(address, sessionTimeoutMs)
  return [await checkReads(url, sessionTimeoutMs), ...settings]
}

async function checkReads(url: string, sessionTimeoutMs: number): Promise<Finding> {
  try {
    const options = { clock: systemClock, entropy: systemEntropy, log: silentLog, sessionTimeoutMs }
    const { store } = await openStore(url, { ...options, metrics: silentMetrics })
    const startMs = systemClock.monotonicMs()
    try {
      for (let turn = 0; turn < readsCount; turn++) await store.get('clock', { fresh: true })
    } finally {
      await store.close()
    }
    const readMs = (systemClock.monotonicMs() - startMs) / readsCount
    const detail = `${store.kind} serves; a fresh read takes ${readMs.toFixed(1)} ms`
    if (readMs <= readWarnMs) return { check: 'store', state: 'ok', detail }
    const advice = 'Bring nodes and store closer together, and the store onto faster disks.'
    return { check: 'store', state: 'warn', detail, advice }
  } catch (error) {
    return unreadable(asError(error))
  }
}

function unreadable(error: Error): Finding {
  if (error instanceof OperatingError && error.code === 'folder-in-use') {
    const detail = `${error.message.split('. ')[0] ?? ''}: a node runs on it`
    return { check: 'store', state: 'ok', detail }
  }
  const advice = 'See that its servers run, form a quorum, and can be reached from here.'
  return { check: 'store', state: 'fail', detail: error.message, advice }
}
