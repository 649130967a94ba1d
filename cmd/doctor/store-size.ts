import { systemClock } from '../../src/lib/system-clock.ts'
import {
  fillOf,
  type MeasureOptions,
  measureFromOutside,
  type StoreSize,
} from '../../src/node/measure-store.ts'
import { parseStoreAddress, type StoreAddress } from '../../src/node/store-address.ts'
import type { Finding } from './finding.ts'

const warnPercent = 60
/** Nodes refuse new guests and auctions from there on: `storeFillPercentMax`. */
const failPercent = 90
const mebibyte = 1024 ** 2

/** How full the store is, from outside: nothing is opened. A URL that is none is found by checkStore. */
export async function checkStoreSize(
  url: string,
  given: { storeBytesMax?: number; credentials?: MeasureOptions['credentials'] } = {},
): Promise<Finding> {
  const address = addressOf(url)
  if (address === undefined || address.kind === 'memory') {
    const detail = address === undefined ? 'there is no such store' : 'the memory of its node'
    return { check: 'store size', state: 'skip', detail }
  }
  const { storeBytesMax: bytesMax, credentials } = given
  try {
    const options = { clock: systemClock, bytesMax, credentials }
    const measure = await measureFromOutside(address, options)
    return storeSizeFinding(address, await measure())
  } catch {
    // Credentials that do not fit: checkStore says so.
    return { check: 'store size', state: 'skip', detail: 'not asked' }
  }
}

export function storeSizeFinding(
  { kind, servers }: { kind: StoreAddress['kind']; servers?: readonly string[] },
  size: StoreSize,
): Finding {
  const check = 'store size'
  const { keys, bytes, bytesMax, isFull, bytesReclaimable = 0 } = size
  const advice = adviceFor(kind, servers)
  const count = keys === null ? '' : `, ${keys} keys`
  if (isFull === true) {
    const detail = `the store is full (alarm NOSPACE)${count}: all bidding is paused`
    const more = ` Then turn the alarm off: etcdctl ${endpoints(servers)} alarm disarm`
    return { check, state: 'fail', detail, advice: `${advice}${more}` }
  }
  const percent = fillOf(size)
  if (bytes === null) {
    const detail = keys === null ? 'not known: nothing answers' : `${keys} keys; bytes not known`
    return { check, state: 'skip', detail, ...(kind === 'zookeeper' && { advice: askMore }) }
  }
  if (percent === undefined) {
    const detail = `${sizeText(bytes)}${count}; how much it may hold is not known`
    return { check, state: 'skip', detail, advice: 'Tell it: --store-bytes-max BYTES.' }
  }
  const freed = bytesReclaimable > bytes / 4 ? `, of which ${sizeText(bytesReclaimable)} free` : ''
  const share = `${Math.floor(percent)} % of ${sizeText(bytesMax ?? 0)}`
  const detail = `${sizeText(bytes)}${freed}${count}: ${share}`
  if (percent < warnPercent) return { check, state: 'ok', detail }
  if (percent < failPercent) return { check, state: 'warn', detail, advice }
  const refused = `${detail}; nodes refuse new guests and auctions`
  return { check, state: 'fail', detail: refused, advice }
}

function adviceFor(kind: StoreAddress['kind'], servers?: readonly string[]): string {
  const remove = 'Remove auctions that are over'
  switch (kind) {
    case 'etcd': {
      const at = endpoints(servers)
      return (
        `${remove}, or raise --quota-backend-bytes of each member, and --store-bytes-max with it. ` +
        `Give back what is free, one member at a time: etcdctl ${at} compact REVISION, then etcdctl ${at} defrag.`
      )
    }
    case 'zookeeper':
      return `${remove}, or give its servers more memory (-Xmx) and disk, and raise --store-bytes-max.`
    default:
      return `${remove}, or make room on its disk.`
  }
}

const askMore = 'Let us ask: add mntr to 4lw.commands.whitelist of its servers.'

function endpoints(servers: readonly string[] = []): string {
  return `--endpoints ${servers.join(',')}`
}

function sizeText(bytes: number): string {
  const [value, unit] =
    bytes >= 1024 * mebibyte ? [bytes / 1024 / mebibyte, 'GiB'] : [bytes / mebibyte, 'MiB']
  return `${value.toFixed(1)} ${unit}`
}

function addressOf(url: string): StoreAddress | undefined {
  try {
    return parseStoreAddress(url)
  } catch {
    return undefined
  }
}
