import { existsSync, readdirSync, statSync } from 'node:fs'
import { asError } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { accessOf, type StoreCredentials } from '../../src/node/store-access.ts'
import { parseStoreAddress, type StoreAddress } from '../../src/node/store-address.ts'
import type { Finding } from './finding.ts'
import { checkOpen } from './open.ts'
import { checkServers } from './servers.ts'

/** A plain read should take no longer, or every bid will wait. */
const readWarnMs = 100
const readsCount = 5

/** Whether the store can be opened and read, how fast, and how it is set up. */
export async function checkStore(
  url: string,
  sessionTimeoutMs: number,
  credentials: StoreCredentials,
): Promise<Finding[]> {
  let address: StoreAddress
  let access: ReturnType<typeof accessOf>
  try {
    address = parseStoreAddress(url)
    access = accessOf(address, credentials)
  } catch (error) {
    return [{ check: 'store', state: 'fail', detail: asError(error).message }]
  }
  if (address.kind === 'memory') {
    const advice = 'Use embedded:FOLDER to keep auctions when the node ends.'
    return [{ check: 'store', state: 'warn', detail: 'memory: forgets everything', advice }]
  }
  if (address.kind === 'embedded') return [lookAtFolder(address.folder)]
  const reads = await checkReads(url, sessionTimeoutMs, credentials)
  return [
    reads,
    ...(reads.state === 'fail' ? [] : await checkOpen(url, address, credentials)),
    ...(await checkServers(address, { sessionTimeoutMs, tls: access.tls })),
  ]
}

/** From outside: to open it would tell the next node that the last one stopped cleanly. */
function lookAtFolder(folder: string): Finding {
  if (!existsSync(folder))
    return { check: 'store', state: 'ok', detail: `${folder} will be made at the first start` }
  if (!statSync(folder).isDirectory()) {
    const advice = 'Name a folder: --store embedded:FOLDER'
    return { check: 'store', state: 'fail', detail: `${folder} is no folder`, advice }
  }
  const count = readdirSync(folder).length
  return { check: 'store', state: 'ok', detail: `${folder} is there (${count} files)` }
}

async function checkReads(
  url: string,
  sessionTimeoutMs: number,
  credentials: StoreCredentials,
): Promise<Finding> {
  try {
    const options = { clock: systemClock, entropy: systemEntropy, log: silentLog, sessionTimeoutMs }
    const { store } = await openStore(url, { ...options, metrics: silentMetrics, credentials })
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
    const advice = 'See that its servers run, form a quorum, and can be reached from here.'
    return { check: 'store', state: 'fail', detail: asError(error).message, advice }
  }
}
