import { createBackoff } from '../../lib/backoff.ts'
import { asError, sleep } from '../../lib/clock.ts'
import type { StoreAccess } from '../access.ts'
import type { OpenOptions } from '../open-options.ts'
import { type Connection, openConnection } from './connection.ts'
import { Expired } from './failures.ts'
import type { Credentials, Server } from './library.ts'
import type { Patience } from './patience.ts'

/** A server that accepts and does not answer is left after so long, or a ninth of the session timeout. */
const attemptMinMs = 250
const retryMinMs = 50
const retryMaxMs = 1_000
const doublingsMax = 10

export interface Dialer {
  /**
   * Tries the servers in turn until one grants the session, and, where it is an old one, has a quorum behind it: a leader that
   * lost the others takes old sessions in by itself, for seconds.
   * @throws Expired when it is over; the signal's reason when aborted
   */
  dial(credentials: Credentials | undefined, signal: AbortSignal): Promise<Connection>
}

export function createDialer(
  deps: Pick<OpenOptions, 'clock' | 'entropy' | 'log' | 'sessionTimeoutMs'> & {
    servers: readonly Server[]
    access: StoreAccess
    /** Told of each try that failed. */
    onFailure: (reason: Error) => void
    /** Asks something that only a quorum can answer. */
    probe: (connection: Connection, patience: Patience) => Promise<void>
  },
): Dialer {
  const { clock, log, sessionTimeoutMs } = deps
  // Every client in an order of its own, so that they spread.
  const servers = deps.servers
    .map((server) => ({ server, rank: deps.entropy.random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ server }) => server)
  let turn = 0

  const attempt = async (
    credentials: Credentials | undefined,
    failureCount: number,
    signal: AbortSignal,
  ) => {
    const server = servers[turn++ % servers.length] as Server
    // Short at first, so that the others get their turn before the session is suspended; longer when nobody is so quick.
    const doublings = Math.min(doublingsMax, Math.floor(failureCount / servers.length))
    const patienceMs = Math.max(attemptMinMs, sessionTimeoutMs / 9) * 2 ** doublings
    const untilMs = clock.monotonicMs() + Math.min(patienceMs, sessionTimeoutMs)
    const patience = { untilMs, signal }
    try {
      const connection = await openConnection({ ...deps, server, credentials }, patience)
      if (credentials !== undefined) await prove(connection, patience)
      return connection
    } catch (error) {
      if (error instanceof Expired) throw error
      deps.onFailure(asError(error))
      const reason = asError(error).message
      log.debug({ server: nameOf(server), reason }, 'no connection to this server')
      return undefined
    }
  }
  /** @throws the reason why the connection is down: it does not outlive a probe without an answer */
  const prove = async (connection: Connection, patience: Patience) => {
    try {
      await deps.probe(connection, patience)
    } catch (error) {
      connection.drop(asError(error))
      throw (await connection.closed).reason
    }
  }
  return {
    async dial(credentials, signal) {
      const backoff = createBackoff({ ...deps, minMs: retryMinMs, maxMs: retryMaxMs })
      for (let failureCount = 0; ;) {
        signal.throwIfAborted()
        const connection = await attempt(credentials, failureCount, signal)
        if (connection !== undefined) return connection
        failureCount++
        const isRoundOver = failureCount % servers.length === 0
        if (isRoundOver) await sleep(clock, backoff.nextMs(), signal)
      }
    },
  }
}

export function nameOf(server: Server): string {
  return `${server.host}:${server.port}`
}
