import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { findProgram } from './find-program.ts'
import { until } from './until.ts'

/**
 * One server program that can be killed, frozen and started again on the same arguments. It dies with us: at our exit, and
 * where `setpriv` is installed (Linux) even when we are killed outright.
 */
export interface ServerProcess {
  /** Undefined while it is down. */
  readonly pid: number | undefined
  /** Resolves when it is ready; throws with the end of its log when it exits first or is not ready in time. */
  start(): Promise<void>
  /** SIGKILL, also of a frozen one; resolves when it is gone. Harmless when it is down. */
  kill(): Promise<void>
  /** `kill`, then `start`. */
  restart(): Promise<void>
  /** SIGSTOP. */
  pause(): void
  /** SIGCONT. */
  resume(): void
}

export interface ServerProcessOptions {
  /** For messages, as in `zookeeper 2`. */
  name: string
  /** Full path, or a name on PATH. */
  program: string
  args: readonly string[]
  /** A command that runs the program in its place, as in `ip netns exec NAME`. */
  inside?: readonly string[]
  /** Its working folder. */
  folder: string
  /** Output and errors of every start are appended here. */
  logFile: string
  env?: Record<string, string>
  /** Asked every 50 ms after the start; must answer or throw by itself within a second or so. Throwing means not yet. */
  isReady: () => Promise<boolean>
  /** Default 30 s. */
  readyWithinMs?: number
}

const readyWithinMsDefault = 30_000
const logTailChars = 2_000
const running = new Set<ChildProcess>()
let isWatchingExit = false

export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  let child: ChildProcess | undefined

  async function start(): Promise<void> {
    if (child !== undefined) throw new Error(`${options.name} runs already`)
    const started = spawnLogged(options)
    child = started
    let failure: string | undefined
    started.once('error', (error) => (failure = error.message))
    started.once('exit', (code, signal) => {
      failure ??= `exited with ${signal ?? code ?? 'no code'}`
      running.delete(started)
      if (child === started) child = undefined
    })
    const isReady = () => {
      if (failure !== undefined) throw new Error(failure)
      return options.isReady().catch(() => false)
    }
    try {
      await until(isReady, options.readyWithinMs ?? readyWithinMsDefault)
    } catch (error) {
      const why = failure ?? 'not ready in time'
      await kill()
      throw new Error(`${options.name} did not start: ${why}\n${tailOf(options.logFile)}`, {
        cause: error,
      })
    }
  }

  async function kill(): Promise<void> {
    const dying = child
    if (dying === undefined) return
    child = undefined
    running.delete(dying)
    if (dying.pid === undefined || dying.exitCode !== null || dying.signalCode !== null) return
    const gone = new Promise<void>((resolve) => dying.once('exit', () => resolve()))
    dying.ref()
    dying.kill('SIGKILL')
    await gone
  }

  return {
    get pid() {
      return child?.pid
    },
    start,
    kill,
    async restart() {
      await kill()
      await start()
    },
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
  }
}

function spawnLogged(options: ServerProcessOptions): ChildProcess {
  // The kernel kills the server when the thread that started it ends, whatever ended it.
  const guardian = findProgram('setpriv')
  const [program = '', ...args] = [
    ...(guardian === undefined ? [] : [guardian, '--pdeathsig', 'KILL', '--']),
    ...(options.inside ?? []),
    ...[options.program, ...options.args],
  ]
  const log = openSync(options.logFile, 'a')
  try {
    const child = spawn(program, args, {
      cwd: options.folder,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log],
    })
    // Whoever forgets to stop it can still end; the wait in `kill` holds the process again.
    child.unref()
    running.add(child)
    watchExit()
    return child
  } finally {
    closeSync(log)
  }
}

function watchExit(): void {
  if (isWatchingExit) return
  isWatchingExit = true
  process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL')
  })
}

function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').slice(-logTailChars)
  } catch {
    return ''
  }
}
