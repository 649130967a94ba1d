import { asError, type Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Connection } from './connection.ts'
import { type Dialer, nameOf } from './dialer.ts'
import { Expired, NoAnswer } from './failures.ts'
import type { Credentials } from './library.ts'
import type { SessionKeeper } from './session-keeper.ts'

const goodbyeMs = 1_000

/** One connection after another, each on the same session while it stands, and on a new one after its loss. */
export interface Succession {
  /** The one in use; undefined between two. */
  readonly connection: Connection | undefined
  /** Ends the session, and the succession. */
  close(): Promise<void>
}

export function createSuccession(deps: {
  clock: Clock
  log: Log
  dialer: Dialer
  keeper: SessionKeeper
  /** From here on the keeper hears of this connection. */
  startHeartbeat: (connection: Connection) => void
  onConnection: (connection: Connection) => void
}): Succession {
  const { clock, log, dialer, keeper } = deps
  const closing = new AbortController()
  let connection: Connection | undefined
  let credentials: Credentials | undefined
  let dialing = new AbortController()

  keeper.onChange(({ state }) => {
    if (state !== 'serving') connection?.drop(new NoAnswer(`the session is ${state}`))
    if (state !== 'lost') return
    credentials = undefined
    dialing.abort(new Expired('the session is over'))
  })

  async function run() {
    while (!closing.signal.aborted) {
      dialing = new AbortController()
      try {
        const { reason } = await succeed()
        log.info({ reason: reason.message }, 'a connection to the store ended')
        if (reason instanceof Expired) keeper.lose()
      } catch (error) {
        if (error instanceof Expired) keeper.lose()
        else log.debug({ reason: asError(error).message }, 'gave up connecting')
      }
    }
  }

  /** Connects, and resolves when that connection has ended. */
  async function succeed(): Promise<{ reason: Error }> {
    const old = credentials
    const opened = await dialer.dial(old, dialing.signal)
    if (old !== credentials || closing.signal.aborted) {
      // Its session was given up, or is wanted no more, in the very moment in which it was granted.
      await end(opened)
      return opened.closed
    }
    credentials = opened.credentials()
    connection = opened
    if (old === undefined) keeper.opened(opened.askedMs, opened.timeoutMs)
    else keeper.heard(opened.askedMs)
    log.info({ server: nameOf(opened.server) }, 'connected to the store')
    deps.startHeartbeat(opened)
    deps.onConnection(opened)
    const how = await opened.closed
    connection = undefined
    credentials &&= opened.credentials()
    return how
  }

  const end = (last: Connection) =>
    last.end({ untilMs: clock.monotonicMs() + goodbyeMs, signal: undefined })

  void run()
  return {
    get connection() {
      return connection?.isUp === true ? connection : undefined
    },
    async close() {
      closing.abort()
      dialing.abort(new NoAnswer('the store is closed'))
      if (connection !== undefined) await end(connection)
      keeper.lose()
    },
  }
}
