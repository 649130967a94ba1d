import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach } from 'vitest'
import { eventually } from '../support/eventually.ts'

const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** The program in a process of its own, from its sources. */
export interface Child {
  readonly pid: number
  readonly out: string
  readonly err: string
  /** Resolves at the end: the code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals | null>
  signal(name: NodeJS.Signals): void
}

export function spawnLotkeeper(args: readonly string[], env: Record<string, string> = {}): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cmd/lotkeeper.ts', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve(code ?? signal)
    })
  })
  return {
    pid: child.pid ?? 0,
    get out() {
      return out
    },
    get err() {
      return err
    },
    exited,
    signal: (name) => void child.kill(name),
  }
}

export interface Ready {
  nodeId: string
  pid: number
  url: string
  wsUrl: string
  store: string
}

/** A node that serves. */
export async function serve(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawnLotkeeper(['serve', '--port', '0', '--log-level', 'warn', ...args], env)
  const ready = await eventually(() => readyOf(child.out), { withinMs: 60_000, what: 'ready' })
  return { child, ready }
}

function readyOf(out: string): Ready | undefined {
  const line = /^lotkeeper ready (.*)$/m.exec(out)?.[1]
  return line === undefined ? undefined : (JSON.parse(line) as Ready)
}
