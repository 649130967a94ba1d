import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { sleep } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/system-clock.ts'

/** A node in a process of its own, as `lotkeeper serve` runs it. */
export interface ChildNode {
  readonly pid: number
  readonly exited: Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM, and SIGKILL when it has not drained in time. */
  stop(): Promise<void>
}

const readyWithinMs = 30_000
const stopWithinMs = 12_000

export interface ChildNodeOptions {
  port: number
  store: string
  nodeId: string
  demoControl: string
}

/** Resolves when it serves. @throws when it exits first, or is not ready in time */
export async function startChildNode(node: ChildNodeOptions): Promise<ChildNode> {
  const { port, store, nodeId, demoControl } = node
  const where = ['--port', String(port), '--store', store, '--node-id', nodeId]
  const flags = [...where, '--demo-control', demoControl]
  const program = process.argv[1] ?? 'lotkeeper'
  const args = [...process.execArgv, program, 'serve', ...flags, '--log-level', 'warn']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const dieWithUs = () => child.kill('SIGKILL')
  process.once('exit', dieWithUs)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', dieWithUs)
      resolve()
    })
  })
  const stop = async () => {
    child.kill('SIGTERM')
    const late = new AbortController()
    const tooLate = sleep(systemClock, stopWithinMs, late.signal).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    )
    await exited
    late.abort()
    await tooLate
  }
  try {
    await ready(child, exited, nodeId)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    pid: child.pid ?? 0,
    exited,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    stop,
  }
}

async function ready(child: ChildProcess, exited: Promise<void>, nodeId: string): Promise<void> {
  const late = new AbortController()
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const line = new Promise<'ready'>((resolve) => {
    lines.on('line', (text) => {
      if (text.startsWith('lotkeeper ready ')) resolve('ready')
    })
  })
  const tooLate = sleep(systemClock, readyWithinMs, late.signal).then(
    () => 'too late' as const,
    () => 'too late' as const,
  )
  const first = await Promise.race([line, exited.then(() => 'exited' as const), tooLate])
  late.abort()
  if (first !== 'ready') throw new Error(`node ${nodeId} did not start: ${first}`)
}
