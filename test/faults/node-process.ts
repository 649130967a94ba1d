import { join } from 'node:path'
import { freePort } from '../../src/ensemble/free-port.ts'
import { createServerProcess } from '../../src/ensemble/server-process.ts'
import { operatorToken } from './http.ts'
import type { Cable } from './namespaces.ts'
import { timeUntil } from './wait.ts'

/** One node of the program as it is shipped, in a process of its own, that keeps its name and port through restarts. */
export interface NodeProcess {
  readonly nodeId: string
  readonly url: string
  readonly logFile: string
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** Running and not stopped by SIGSTOP. */
  readonly isUp: boolean
  /** Rises with every start. */
  readonly incarnation: number
  /** Resolves when it says that it is ready. The environment holds for this start alone. */
  start(env?: Readonly<Record<string, string>>): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves when it has left in order, or was killed because it did not. */
  terminate(): Promise<void>
  /** SIGSTOP. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
}

const askWithinMs = 1_000
/** A node drains for at most 15 s. */
const leaveWithinMs = 20_000

export async function createNodeProcess(options: {
  nodeId: string
  program: string
  store: string
  sessionTimeoutMs: number
  /** Where other nodes find it, when that is not its own address: told once that is known. */
  linkUrl?: (own: { host: string; port: number }) => Promise<string>
  /** Of the network that it lives in; the machine's own without. */
  cable?: Cable | undefined
  /** Further flags of `serve`; what is given here and above is given twice, and the later one holds. */
  flags?: readonly string[]
  /** A command that runs the node, as in `prlimit --nofile=1024 --`. */
  inside?: readonly string[]
  folder: string
}): Promise<NodeProcess> {
  const { nodeId, program, store, sessionTimeoutMs, folder } = options
  const port = await freePort()
  const host = options.cable?.nodeHost ?? '127.0.0.1'
  const url = `http://${host}:${port}`
  const linkUrl = await options.linkUrl?.({ host, port })
  const logFile = join(folder, `${nodeId}.log`)
  const ownEnv: Record<string, string> = {}
  const server = createServerProcess({
    env: ownEnv,
    name: `node ${nodeId}`,
    inside: options.inside ?? options.cable?.inside ?? [],
    program: process.execPath,
    args: [
      ...[program, 'serve', '--host', host, '--port', String(port)],
      ...['--store', store, '--node-id', nodeId],
      ...['--session-timeout-ms', String(sessionTimeoutMs)],
      ...['--operator-token', operatorToken],
      ...(linkUrl === undefined ? [] : ['--link-url', linkUrl]),
      ...(options.flags ?? []),
    ],
    folder,
    logFile,
    isReady: async () => isReady(url),
  })
  let isFrozen = false
  let incarnation = 0
  return {
    nodeId,
    url,
    logFile,
    get pid() {
      return server.pid
    },
    get isUp() {
      return server.pid !== undefined && !isFrozen
    },
    get incarnation() {
      return incarnation
    },
    async start(env = {}) {
      incarnation++
      for (const name of Object.keys(ownEnv)) Reflect.deleteProperty(ownEnv, name)
      Object.assign(ownEnv, env)
      await server.start()
    },
    async terminate() {
      const { pid } = server
      if (pid === undefined) return
      process.kill(pid, 'SIGTERM')
      const hasLeft = async () => server.pid === undefined
      await timeUntil(hasLeft, { withinMs: leaveWithinMs, everyMs: 50 })
      await server.kill()
    },
    async kill() {
      isFrozen = false
      await server.kill()
    },
    freeze() {
      isFrozen = true
      server.pause()
    },
    thaw() {
      isFrozen = false
      server.resume()
    },
  }
}

export async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(askWithinMs) })
  await response.arrayBuffer()
  return response.ok
}
