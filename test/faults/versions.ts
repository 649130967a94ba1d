import { execFileSync } from 'node:child_process'
import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import type { BackendKind } from '../support/backends.ts'
import type { Cluster } from './cluster.ts'

interface Address {
  readonly host: string
  readonly port: number
}

const askWithinMs = 2_000
/** What a run depends on; a page of text changed beside it changes nothing. */
const judged = ['src', 'cmd', 'test/faults', 'test/checker', 'test/support', 'package-lock.json']

/** The commit of the work tree, with a `+` when files that matter here, or in `more`, were changed since; `unknown` outside of git. */
export function commitOf(...more: readonly string[]): string {
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD')
    return git('status', '--porcelain', '--', ...judged, ...more) === '' ? commit : `${commit}+`
  } catch {
    return 'unknown'
  }
}

export async function versionsOf(cluster: Cluster): Promise<Record<string, string>> {
  const { storeUrl, storeMembers } = cluster
  const [member] = storeMembers
  const server = { host: member?.host ?? '', port: member?.clientPort ?? 0 }
  const kind = storeUrl.startsWith('etcd:') ? 'etcd' : 'zookeeper'
  return {
    lotkeeper: commitOf(),
    node: process.version,
    store: await storeVersionOf(kind, server),
  }
}

/** As one of its servers tells it. */
export async function storeVersionOf(kind: BackendKind, server: Address): Promise<string> {
  return kind === 'etcd' ? etcdVersion(server) : zookeeperVersion(server)
}

async function etcdVersion({ host, port }: Address): Promise<string> {
  const url = `http://${host}:${port}/version`
  const response = await fetch(url, { signal: AbortSignal.timeout(askWithinMs) })
  const { etcdserver } = (await response.json()) as { etcdserver?: string }
  return `etcd ${etcdserver ?? '?'}`
}

async function zookeeperVersion(server: Address): Promise<string> {
  const told = await askFourLetters({ ...server, word: 'srvr', withinMs: askWithinMs })
  return `ZooKeeper ${/^Zookeeper version: ([\w.]+)/m.exec(told)?.[1] ?? '?'}`
}

function git(...args: string[]): string {
  const folder = new URL('.', import.meta.url)
  const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { cwd: folder })
  return execFileSync('git', args, { cwd: root.toString().trim() }).toString().trim()
}
