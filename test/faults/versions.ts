import { execFileSync } from 'node:child_process'
import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import type { Cluster } from './cluster.ts'

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
  const store = cluster.storeUrl.startsWith('etcd:') ? etcdVersion : zookeeperVersion
  return { lotkeeper: commitOf(), node: process.version, store: await store(cluster) }
}

async function etcdVersion({ storeMembers: [member] }: Cluster): Promise<string> {
  const url = `http://${member?.host ?? ''}:${member?.clientPort ?? 0}/version`
  const response = await fetch(url, { signal: AbortSignal.timeout(askWithinMs) })
  const { etcdserver } = (await response.json()) as { etcdserver?: string }
  return `etcd ${etcdserver ?? '?'}`
}

async function zookeeperVersion({ storeMembers: [member] }: Cluster): Promise<string> {
  const { host = '', clientPort: port = 0 } = member ?? {}
  const told = await askFourLetters({ host, port, word: 'srvr', withinMs: askWithinMs })
  return `ZooKeeper ${/^Zookeeper version: ([\w.]+)/m.exec(told)?.[1] ?? '?'}`
}

function git(...args: string[]): string {
  const folder = new URL('.', import.meta.url)
  const root = execFileSync('git', ['rev-parse', '--show-toplevel'], { cwd: folder })
  return execFileSync('git', args, { cwd: root.toString().trim() }).toString().trim()
}
