import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { must } from '../../../src/lib/assert.ts'
import type { Busy, Order, Report } from './part.ts'
import type { Parts } from './parts.ts'

type Played<Name extends keyof Parts> = Awaited<ReturnType<Parts[Name]>>
type Does = (order: never) => Promise<unknown>

/** A part played in a process of its own, so that it does not slow down what it measures, nor what measures it. */
export interface Remote<P> {
  readonly pid: number
  /** While the newest order was carried out. */
  readonly busy: Busy
  /** One order at a time. @throws what it failed with, or when the process is gone */
  ask<M extends keyof P & string>(
    method: M,
    order: P[M] extends Does ? Parameters<P[M]>[0] : never,
  ): Promise<P[M] extends Does ? Awaited<ReturnType<P[M]>> : never>
  /** Closes the part and ends the process. Harmless twice. */
  stop(): Promise<void>
}

/** Starts a part: in a process of its own (startRemote), or here (here.ts). */
export type StartPart = typeof startRemote

const program = fileURLToPath(new URL('main.ts', import.meta.url))
const closeWithinMs = 5_000
/** Who has not reported by then never will: a library whose session is over says nothing. */
const reportWithinMs = 180_000

export async function startRemote<Name extends keyof Parts>(
  part: Name,
  options: Parameters<Parts[Name]>[0],
): Promise<Remote<Played<Name>>> {
  const child = fork(program, [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    serialization: 'advanced',
  })
  const line = converse(child, part)
  let busy: Busy = { loopShare: 0, cores: 0 }
  const give = async (order: Order): Promise<unknown> => {
    const report = await line(order)
    if (report.kind === 'failed') throw new Error(`${part}: ${report.message}`)
    busy = report.busy
    return report.result
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const impatience = setTimeout(() => child.kill('SIGKILL'), closeWithinMs)
    await give({ kind: 'do', method: 'close', order: undefined }).catch(() => undefined)
    if (child.connected) child.disconnect()
    await gone
    clearTimeout(impatience)
  }
  try {
    await give({ kind: 'open', part, options })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    pid: must(child.pid, 'pid'),
    get busy() {
      return busy
    },
    ask: (method, order) => give({ kind: 'do', method, order }) as never,
    stop,
  }
}

/** Sends an order and waits for its report. */
function converse(child: ChildProcess, name: string): (order: Order) => Promise<Report> {
  let waiting: ((report: Report) => void) | undefined
  const settle = (report: Report) => {
    const resolve = waiting
    waiting = undefined
    resolve?.(report)
  }
  const gone = (why: string): Report => ({ kind: 'failed', message: `the process ${why}` })
  child.on('message', (report) => settle(report as Report))
  child.on('error', (error) => settle(gone(`broke: ${error.message}`)))
  child.on('exit', (code, signal) => settle(gone(`ended with ${signal ?? code ?? 'no code'}`)))
  return (order) => {
    if (waiting !== undefined) throw new Error(`${name} is still busy`)
    if (!child.connected) return Promise.resolve(gone('is gone'))
    return new Promise((resolve) => {
      const patience = setTimeout(() => settle(gone('does not answer')), reportWithinMs)
      waiting = (report) => {
        clearTimeout(patience)
        resolve(report)
      }
      child.send(order)
    })
  }
}
