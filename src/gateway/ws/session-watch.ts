import type { Guests } from '../../engine/engine.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { Connection } from './connection.ts'

/** Sees to it that a session that ended, here or on another node, ends its sockets too. */
export interface SessionWatch {
  /** The session ended on this node. */
  ended(token: string): void
  stop(): void
}

/** How long a socket may outlive a session that ended on another node. */
const lookAgainEveryMs = 60_000

export function createSessionWatch(deps: {
  clock: Clock
  log: Log
  guests: Guests
  connections: ReadonlySet<Connection>
}): SessionWatch {
  const { clock, log, guests, connections } = deps
  const close = ({ outlet }: Connection) => outlet.close(closeCodes.signInFirst, 'signed out')

  const lookAgain = async () => {
    for (const connection of [...connections]) {
      const { token, person } = connection
      if (token === undefined || person === undefined) continue
      if ((await guests.identify(token)) === undefined) close(connection)
    }
  }
  let timer: Timer
  let isStopped = false
  const arm = () => {
    timer = clock.setTimer(lookAgainEveryMs, () => {
      void lookAgain()
        // The store does not answer: nobody is sent away for that.
        .catch((error: unknown) => log.debug({ error }, 'sessions could not be looked up again'))
        .then(() => {
          if (!isStopped) arm()
        })
    })
  }
  arm()
  return {
    ended(token) {
      for (const connection of connections) if (connection.token === token) close(connection)
    },
    stop() {
      isStopped = true
      timer.cancel()
    },
  }
}
