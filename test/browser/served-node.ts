import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const program = join(import.meta.dirname, '../../dist/cmd/lotkeeper.js')

/** The built program as a process of its own: `lotkeeper serve`, which can be killed and frozen. */
export interface ServedNode {
  readonly nodeId: string
  readonly url: string
  /** SIGKILL, also of a frozen one; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
}

const readyWithinMs = 30_000
const logTailLines = 40

/** @throws with the end of its log when it does not serve in time */
export async function serveNode(options: {
  store: string
  nodeId: string
  port?: number
}): Promise<ServedNode> {
  if (!existsSync(program)) throw new Error('dist/ is missing: npm run build')
  const { store, nodeId, port = 0 } = options
  const args = ['serve', '--store', store, '--node-id', nodeId, '--port', String(port)]
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const log: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    log.push(line)
    if (log.length > logTailLines) log.shift()
  })
  const url = await untilReady(child, nodeId, log)
  return {
    nodeId,
    url,
    kill: () => kill(child),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

function untilReady(child: ChildProcess, nodeId: string, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`${nodeId} does not serve: ${why}\n${log.join('\n')}`))
    }
    const timer = setTimeout(() => fail(`not ready within ${readyWithinMs} ms`), readyWithinMs)
    child.once('exit', (code, signal) => fail(`exited with ${signal ?? code ?? 'no code'}`))
    if (child.stdout === null) throw new Error('no stdout')
    createInterface(child.stdout).on('line', (line) => {
      if (!line.startsWith('lotkeeper ready ')) return
      clearTimeout(timer)
      child.removeAllListeners('exit')
      const { url } = JSON.parse(line.slice('lotkeeper ready '.length)) as { url: string }
      resolve(url)
    })
  })
}

function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
