import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Ensemble,
  type EnsembleMember,
  type EnsembleOptions,
  type EnsemblePlace,
  loopback,
  ProgramMissing,
} from './ensemble.ts'
import { findProgram } from './find-program.ts'
import { freePorts } from './free-port.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'

const askWithinMs = 1_000

interface Address extends EnsemblePlace {
  readonly id: number
  readonly clientPort: number
  readonly peerPort: number
}

/**
 * Starts etcd (3.4 or newer) with that many members; resolves when every one of them answers with a quorum, about 2 s.
 * Disk writes are synced as in production; history older than ten minutes is compacted away.
 * @throws ProgramMissing when etcd is not on PATH
 */
export async function startEtcdEnsemble(
  options: EnsembleOptions & {
    /** How large each member's database may grow; etcd's own 2 GiB by default. */
    quotaBytes?: number
  },
): Promise<Ensemble> {
  const program = findProgram('etcd')
  if (program === undefined) {
    throw new ProgramMissing(
      'etcd is not installed; on Debian or Ubuntu: apt-get install etcd-server',
    )
  }
  const isFolderOurs = options.folder === undefined
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lotkeeper-etcd-'))
  const clientPorts = options.ports ?? (await freePorts(options.size))
  const peerPorts = await freePorts(options.size)
  const addresses = Array.from({ length: options.size }, (_, index): Address => {
    const [clientPort, peerPort] = [clientPorts[index], peerPorts[index]]
    if (clientPort === undefined || peerPort === undefined) throw new Error('one port per member')
    return { id: index + 1, clientPort, peerPort, ...(options.places?.[index] ?? loopback) }
  })
  const servers = addresses.map((address) =>
    serverOf(program, { ...options, folder }, address, addresses),
  )
  const stop = async () => {
    await Promise.all(servers.map((server) => server.kill()))
    if (isFolderOurs) rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(servers.map((server) => server.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    kind: 'etcd',
    members: servers.map((server, index) => memberOf(server, addresses[index] as Address)),
    storeUrl: (root = 'lotkeeper') =>
      `etcd://${addresses.map(({ host, clientPort }) => `${host}:${clientPort}`).join(',')}/${root}`,
    stop,
  }
}

function serverOf(
  program: string,
  { folder, quotaBytes }: { folder: string; quotaBytes?: number },
  address: Address,
  all: readonly Address[],
): ServerProcess {
  const { id, host, inside, clientPort, peerPort } = address
  const memberFolder = join(folder, `member-${id}`)
  mkdirSync(memberFolder, { recursive: true })
  const clientUrl = `http://${host}:${clientPort}`
  const peerUrl = `http://${host}:${peerPort}`
  const flags = {
    name: `member-${id}`,
    'data-dir': join(memberFolder, 'data'),
    'listen-client-urls': clientUrl,
    'advertise-client-urls': clientUrl,
    'listen-peer-urls': peerUrl,
    'initial-advertise-peer-urls': peerUrl,
    'initial-cluster': all.map((a) => `member-${a.id}=http://${a.host}:${a.peerPort}`).join(','),
    'initial-cluster-token': `lotkeeper-${all.map((a) => a.peerPort).join('-')}`,
    'heartbeat-interval': 100,
    'election-timeout': 1000,
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': '10m',
    ...(quotaBytes === undefined ? {} : { 'quota-backend-bytes': quotaBytes }),
    logger: 'zap',
    'log-outputs': 'stderr',
    'log-level': 'warn',
  }
  return createServerProcess({
    name: `etcd ${id}`,
    inside,
    program,
    args: Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`),
    folder: memberFolder,
    logFile: join(memberFolder, 'etcd.log'),
    // etcd 3.4 starts on these only when told that we know.
    env: process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {},
    // A read that asks the quorum: the member serves, and so does its ensemble.
    isReady: async () => {
      await ask(address, 'kv/range', { key: Buffer.from('lotkeeper').toString('base64') })
      return true
    },
  })
}

function memberOf(server: ServerProcess, address: Address): EnsembleMember {
  const { id, host, clientPort } = address
  return {
    id,
    host,
    clientPort,
    get pid() {
      return server.pid
    },
    kill: () => server.kill(),
    restart: () => server.restart(),
    pause: () => server.pause(),
    resume: () => server.resume(),
    async isLeader() {
      try {
        const status = await ask(address, 'maintenance/status', {})
        return status.leader !== undefined && status.leader === status.header?.member_id
      } catch {
        return false
      }
    },
  }
}

interface Answer {
  readonly header?: { readonly member_id?: string }
  readonly leader?: string
}

/** One call of etcd's JSON gateway, which needs no client library. */
async function ask({ host, clientPort }: Address, method: string, body: object): Promise<Answer> {
  const response = await fetch(`http://${host}:${clientPort}/v3/${method}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(askWithinMs),
  })
  if (!response.ok) throw new Error(`etcd answered ${response.status}`)
  return (await response.json()) as Answer
}
