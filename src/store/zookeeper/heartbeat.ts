import type { Clock, Timer } from '../../lib/clock.ts'
import type { Connection } from './connection.ts'

/**
 * Asks for a sign of life every `everyMs`, one question at a time, until the connection is down. The answers tell the keeper
 * that the session stands, and the questions tell the server that we do.
 */
export function startHeartbeat(deps: {
  clock: Clock
  connection: Connection
  everyMs: number
}): void {
  const { clock, connection, everyMs } = deps
  let timer: Timer
  const arm = () => {
    timer = clock.setTimer(everyMs, () => {
      const untilMs = clock.monotonicMs() + everyMs * 1_000
      connection
        .ask((client, answer) => client.exists('/', answer), { untilMs, signal: undefined })
        .then(arm, arm)
    })
  }
  arm()
  void connection.closed.then(() => timer.cancel())
}
