import type { Clock, Timer } from '../../lib/clock.ts'
import type { Connection } from './connection.ts'

/**
 * Asks for a sign of life every `everyMs`, one question at a time, until the connection is down. The question is one that
 * only a quorum can answer: a server that lost the others goes on answering reads for seconds.
 */
export function startHeartbeat(deps: {
  clock: Clock
  connection: Connection
  everyMs: number
  probe: () => Promise<void>
  /** What was asked at `sentMs` was answered. */
  onAnswer: (sentMs: number) => void
}): void {
  const { clock, connection, everyMs } = deps
  let timer: Timer
  const arm = () => {
    timer = clock.setTimer(everyMs, () => {
      const sentMs = clock.monotonicMs()
      deps
        .probe()
        .then(() => deps.onAnswer(sentMs))
        // No answer is for the session's clock to judge.
        .catch(() => undefined)
        .finally(() => {
          if (connection.isUp) arm()
        })
    })
  }
  arm()
  void connection.closed.then(() => timer.cancel())
}
