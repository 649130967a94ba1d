import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import { isObject } from '../../src/client/parse-frame.ts'
import type { StoreAddress } from '../../src/node/store-address.ts'
import { ask, type AskTls } from './ask.ts'
import type { Finding } from './finding.ts'

type Servers = Extract<StoreAddress, { servers: string[] }>

const askWithinMs = 2_000

/** Each server by itself: a cluster with two of three works, and has nothing left to lose. */
export async function checkServers(
  { kind, servers }: Servers,
  { sessionTimeoutMs, tls }: { sessionTimeoutMs: number; tls: AskTls | undefined },
): Promise<Finding[]> {
  const seen = await Promise.all(
    servers.map((server) =>
      kind === 'zookeeper'
        ? lookAtZookeeper(server, sessionTimeoutMs, tls)
        : lookAtEtcd(server, tls),
    ),
  )
  return [...countFinding(servers), ...seen.flat()]
}

function countFinding(servers: readonly string[]): Finding[] {
  if (servers.length % 2 === 1 && servers.length >= 3) return []
  const detail = `--store names ${servers.length} server${servers.length === 1 ? '' : 's'}`
  const advice = 'Run three or five, and name them all: then one may fail and bidding goes on.'
  return [{ check: 'store', state: 'warn', detail, advice }]
}

async function lookAtZookeeper(
  server: string,
  sessionTimeoutMs: number,
  tls: AskTls | undefined,
): Promise<Finding[]> {
  const at = server.lastIndexOf(':')
  const address = {
    host: server.slice(0, at).replace(/^\[|\]$/g, ''),
    port: Number(server.slice(at + 1)),
  }
  const tell = (word: string) => askFourLetters({ ...address, word, withinMs: askWithinMs, tls })
  const srvr = await tell('srvr').catch(() => undefined)
  if (srvr === undefined) return [unreachable(server)]
  if (srvr.includes('not currently serving')) {
    const advice = 'Start more of its ensemble: it has no quorum.'
    return [{ check: 'store', state: 'warn', detail: `${server} runs, but does not serve`, advice }]
  }
  const mode = /Mode: (\w+)/.exec(srvr)?.[1]
  const conf = await tell('conf').catch(() => '')
  const longestMs = Number(/maxSessionTimeout=(\d+)/.exec(conf)?.[1] ?? Number.POSITIVE_INFINITY)
  const shortestMs = Number(/minSessionTimeout=(\d+)/.exec(conf)?.[1] ?? 0)
  const isGranted = sessionTimeoutMs >= shortestMs && sessionTimeoutMs <= longestMs
  const detail = `${server} ${mode ?? 'answers (4lw.commands.whitelist does not let us ask more)'}`
  const forgetful = forgetfulFinding(server, srvr)
  if (isGranted) return [{ check: 'store', state: 'ok', detail }, ...forgetful]
  return [
    {
      check: 'store',
      state: 'warn',
      detail: `${detail}; grants sessions of ${shortestMs} to ${longestMs} ms only`,
      advice: `Set --session-timeout-ms within that, or minSessionTimeout and maxSessionTimeout of the server.`,
    },
    ...forgetful,
  ]
}

/**
 * Releases whose followers can lose committed transactions while they catch up with their leader.
 * ZOOKEEPER-4394, -4646, -4712, -4785; 3.9.3 alone: -4925.
 */
function forgetfulFinding(server: string, srvr: string): Finding[] {
  const [, version = '', ...parts] = /version: ((\d+)\.(\d+)\.(\d+))/.exec(srvr) ?? []
  const [major = 0, minor = 0, patch = 0] = parts.map(Number)
  const isKnown = version !== '' && major === 3
  const isForgetful = minor < 8 || (minor === 8 && patch < 5) || (minor === 9 && patch < 4)
  if (!isKnown || !isForgetful) return []
  const detail = `${server} is ZooKeeper ${version}: a follower that fell behind may lose what was committed`
  return [{ check: 'store', state: 'warn', detail, advice: 'Run 3.8.5, 3.9.4 or newer.' }]
}

async function lookAtEtcd(server: string, tls: AskTls | undefined): Promise<Finding[]> {
  const scheme = tls === undefined ? 'http' : 'https'
  const health = await ask(`${scheme}://${server}/health`, tls)
  const version = await ask(`${scheme}://${server}/version`, tls)
  if (health === undefined || version === undefined) return [unreachable(server)]
  const about: unknown = await version.json().catch(() => undefined)
  const name =
    isObject(about) && typeof about['etcdserver'] === 'string' ? about['etcdserver'] : '?'
  const detail = `${server} etcd ${name}`
  if (health.ok) return [{ check: 'store', state: 'ok', detail: `${detail}, healthy` }]
  const advice = 'See its log: no quorum, a full disk, or an alarm (etcdctl alarm list).'
  return [{ check: 'store', state: 'fail', detail: `${detail}, not healthy`, advice }]
}

function unreachable(server: string): Finding {
  const advice = 'Start it, or open the way to its client port.'
  return { check: 'store', state: 'warn', detail: `${server} does not answer`, advice }
}
