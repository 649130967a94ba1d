import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { openStore } from '../../src/node/open-store.ts'
import { isOnLoopback, type StoreCredentials } from '../../src/node/store-access.ts'
import type { ServersAddress } from '../../src/node/store-address.ts'
import type { Finding } from './finding.ts'

/** A stranger needs no longer to be let in, or to be refused. */
const strangerTimeoutMs = 2_000

/**
 * Whether the store lets in who shows nothing, as a stranger on the network would. Asked once a node's own way in is known to
 * work; then the root is there, and a stranger who may not write it makes nothing.
 */
export async function checkOpen(
  url: string,
  address: ServersAddress,
  credentials: StoreCredentials,
): Promise<Finding[]> {
  const isProven = credentials.user !== undefined || credentials.cert !== undefined
  const isOpen = isProven ? await letsStrangersIn(url, credentials) : true
  return [judgeOpen(isOpen, address, credentials.user !== undefined)]
}

async function letsStrangersIn(url: string, { ca }: StoreCredentials): Promise<boolean> {
  const parts = { clock: systemClock, entropy: systemEntropy, log: silentLog }
  const credentials: StoreCredentials = ca === undefined ? {} : { ca }
  try {
    const { store } = await openStore(url, {
      ...{ ...parts, metrics: silentMetrics, credentials },
      sessionTimeoutMs: strangerTimeoutMs,
    })
    try {
      await store.get('config/secret', { fresh: true })
      return true
    } finally {
      await store.close()
    }
  } catch {
    return false
  }
}

/** On loopback an open store is for development; reached over a network it gives everything away. */
export function judgeOpen(
  isOpen: boolean,
  { kind, servers, isSecure }: Pick<ServersAddress, 'kind' | 'servers' | 'isSecure'>,
  hasPassword: boolean,
): Finding {
  const far = servers.filter((server) => !isOnLoopback(server)).join(', ')
  if (isOpen && far !== '') {
    const detail = `${far} is OPEN: whoever reaches it reads the cluster's secret and writes bids`
    const how = kind === 'etcd' ? 'etcd users and client certificates' : 'a digest user and ACLs'
    const advice = `Set up ${how} (docs/security.md, "Stores and nodes"), then give --store-user.`
    return { check: 'store', state: 'fail', detail, advice }
  }
  if (isOpen) {
    const detail = 'open to every user of this machine, as for development'
    const advice = 'Before others use this machine: docs/security.md, "Stores and nodes".'
    return { check: 'store', state: 'warn', detail, advice }
  }
  if (hasPassword && !isSecure && far !== '') {
    const detail = `${far} is reached without TLS: the network sees password and bids`
    const advice = `Use ${kind}+tls://… and --store-ca.`
    return { check: 'store', state: 'warn', detail, advice }
  }
  return { check: 'store', state: 'ok', detail: 'closed to those who show no credentials' }
}
