import { join } from 'node:path'
import { freePort } from '../../src/ensemble/free-port.ts'
import { createServerProcess } from '../../src/ensemble/server-process.ts'

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
  /** Resolves when it says that it is ready. */
  start(): Promise<void>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
}

const askWithinMs = 1_000

export async function createNodeProcess(options: {
  nodeId: string
  program: string
  store: string
  sessionTimeoutMs: number
  folder: string
}): Promise<NodeProcess> {
  const { nodeId, program, store, sessionTimeoutMs, folder } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const logFile = join(folder, `${nodeId}.log`)
  const server = createServerProcess({
    name: `node ${nodeId}`,
    program: process.execPath,
    args: [
      ...[program, 'serve', '--port', String(port), '--store', store, '--node-id', nodeId],
      ...['--session-timeout-ms', String(sessionTimeoutMs)],
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
    async start() {
      incarnation++
      await server.start()
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
