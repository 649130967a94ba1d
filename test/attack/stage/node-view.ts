import { readdirSync, readFileSync } from 'node:fs'
import type { NodeProcess } from '../../faults/node-process.ts'
import { createCaller, type Door } from './wire.ts'

/** What can be seen of a node from outside: by its process, its probe, its metrics and its log. */
export interface NodeView {
  /** Undefined when the process is gone. */
  descriptors(): number | undefined
  rssMb(): number | undefined
  /** Of all its threads since it started. */
  cpuMs(): number | undefined
  /** Values of `lotkeeper_NAME`, label values added up; undefined when it does not answer. */
  metrics(): Promise<Metrics | undefined>
  /** Milliseconds; undefined when it does not answer within that. */
  healthMs(withinMs: number): Promise<number | undefined>
  /** Asks for the list of auctions once: from then on a node watches what may be on it. */
  warm(): Promise<void>
  /** Lines of the log at level error and above, since the last call. */
  newErrors(): string[]
}

export type Metrics = (name: string) => number

const metricsWithinMs = 5_000
const errorLevel = 50
const bytesPerMb = 1024 * 1024

export function createNodeView(
  node: Pick<NodeProcess, 'pid' | 'url' | 'logFile'>,
  operatorToken: string,
  from: string,
): NodeView {
  const pidOf = () => node.pid
  let readTo = 0
  /** A connection of its own each time: a kept one would be counted among the attackers'. */
  const ask = async (path: string, withinMs: number) => {
    const caller = createCaller(doorOf(node.url), from)
    try {
      return await caller.ask({ path, token: operatorToken, withinMs })
    } finally {
      caller.close()
    }
  }
  return {
    async warm() {
      await ask('/api/v1/auctions?limit=1', metricsWithinMs)
    },
    descriptors: () => ofProcess(pidOf(), (folder) => readdirSync(`${folder}/fd`).length),
    rssMb: () =>
      ofProcess(pidOf(), (folder) => {
        const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`${folder}/status`, 'utf8')) ?? []
        return (Number(kb) * 1024) / bytesPerMb
      }),
    cpuMs: () =>
      ofProcess(pidOf(), (folder) => {
        const stat = readFileSync(`${folder}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        // User and system time, in hundredths of a second.
        return (Number(fields[11]) + Number(fields[12])) * 10
      }),
    async metrics() {
      const answer = await ask('/metrics', metricsWithinMs).catch(() => undefined)
      return answer?.status === 200 ? parse(answer.text) : undefined
    },
    async healthMs(withinMs) {
      const answer = await ask('/healthz', withinMs).catch(() => undefined)
      return answer?.status === 200 ? answer.tookMs : undefined
    },
    newErrors() {
      const text = readFileSync(node.logFile, 'utf8')
      const fresh = text.slice(readTo)
      readTo = text.length
      return fresh.split('\n').filter(isError)
    },
  }
}

export function doorOf(url: string): Door {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}

/** A line that is no JSON is a stack that nobody caught. */
function isError(line: string): boolean {
  if (line.trim() === '') return false
  try {
    return ((JSON.parse(line) as { level?: number }).level ?? 0) >= errorLevel
  } catch {
    return /(?:Error|Uncaught|FATAL|Unhandled)/.test(line)
  }
}

function ofProcess<T>(pid: number | undefined, look: (folder: string) => T): T | undefined {
  if (pid === undefined) return undefined
  try {
    return look(`/proc/${pid}`)
  } catch {
    return undefined
  }
}

function parse(text: string): Metrics {
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, value] = /^lotkeeper_(\w+)(?:\{[^}]*\})? ([0-9.e+-]+)$/.exec(line) ?? []
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value))
  }
  return (name) => sums.get(name) ?? 0
}
