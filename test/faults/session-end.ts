import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import { endSession } from '../support/zookeeper-backend.ts'
import type { Cluster } from './cluster.ts'
import { askEtcd } from './etcd.ts'
import { timeUntil } from './wait.ts'

const askWithinMs = 2_000
/** A node that was hurt a moment ago may not be back yet. */
const foundWithinMs = 10_000
const againMs = 200

/** Ends the session that keeps this node's member key. @throws when there is none, or no server answers */
export async function endSessionOf(cluster: Cluster, nodeId: string): Promise<void> {
  const end = cluster.storeUrl.startsWith('etcd:') ? revokeLease : closeSession
  let last: unknown
  const hasEnded = async () => {
    try {
      await end(cluster, nodeId)
      return true
    } catch (error) {
      last = error
      return false
    }
  }
  const tookMs = await timeUntil(hasEnded, { withinMs: foundWithinMs, everyMs: againMs })
  if (tookMs === undefined) throw last
}

async function revokeLease(cluster: Cluster, nodeId: string): Promise<void> {
  // All keys: a test's store is small, and its layout of keys is the adapter's own affair.
  const all = { key: 'AA==', range_end: 'AA==', keys_only: true }
  const { kvs = [] } = await askEtcd(cluster, 'kv/range', all)
  const lease = kvs.find(({ key, lease: held = '0' }) => {
    const name = Buffer.from(key, 'base64').toString()
    return held !== '0' && name.includes(`members:${nodeId}~`)
  })?.lease
  if (lease === undefined) throw new Error(`no lease keeps the member key of ${nodeId}`)
  await askEtcd(cluster, 'lease/revoke', { ID: lease })
}

async function closeSession(cluster: Cluster, nodeId: string): Promise<void> {
  const { host, clientPort: port } = await cluster.storeMember('leader')
  const dump = await askFourLetters({ host, port, word: 'dump', withinMs: askWithinMs })
  const sessionId = sessionIn(dump, nodeId)
  if (sessionId === undefined) throw new Error(`no session keeps the member key of ${nodeId}`)
  await endSession(`${host}:${port}`, { sessionId, password: passwordOf(sessionId) })
}

/** `dump` lists each session's id, and below it the paths that hang on it. The adapter marks directories with a plus. */
function sessionIn(dump: string, nodeId: string): Buffer | undefined {
  let current: string | undefined
  for (const line of dump.split('\n')) {
    const id = /^0x([0-9a-f]+):$/.exec(line.trim())?.[1]
    if (id !== undefined) current = id
    else if (line.includes(`/members+/${nodeId}~`) && current !== undefined)
      return Buffer.from(current.padStart(16, '0'), 'hex')
  }
  return undefined
}

const superSecret = 0xb3415c00n
const multiplier = 0x5deece66dn
const mask = (1n << 48n) - 1n
const passwordBytes = 16

/** ZooKeeper draws a session's password from java.util.Random, seeded with the session's id and a constant of its source. */
function passwordOf(sessionId: Buffer): Buffer {
  let state = (sessionId.readBigInt64BE() ^ superSecret ^ multiplier) & mask
  const password = Buffer.alloc(passwordBytes)
  for (let at = 0; at < passwordBytes; at += 4) {
    state = (state * multiplier + 0xbn) & mask
    password.writeInt32LE(Number(BigInt.asIntN(32, state >> 16n)), at)
  }
  return password
}
