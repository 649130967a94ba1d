import type { Guests } from '../../engine/engine.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { SecurityLog } from '../security-log.ts'
import type { Connection } from './connection.ts'

/** Sees to it that a session that ended, here or on another node, ends its sockets too. */
export interface SessionWatch {
  stop(): void
}

/** All sessions are looked up in the store so often: that they end by time, or that nobody told of an end. */
const lookAgainEveryMs = 5 * 60_000
/** Sockets looked up at once. */
const togetherMax = 16

export function createSessionWatch(deps: {
  clock: Clock
  log: Log
  security: SecurityLog
  guests: Guests
  connections: ReadonlySet<Connection>
}): SessionWatch {
  const { clock, log, security, guests, connections } = deps
  const close = ({ outlet }: Connection) => outlet.close(closeCodes.signInFirst, 'signed out')
  let isStopped = false
  let looking: Promise<void> | undefined

  const look = async (connection: Connection) => {
    const { token } = connection
    if (token === undefined || connection.session === undefined) return
    const session = await guests.lookAgain(token)
    // It may have said hello as somebody else meanwhile.
    if (connection.token !== token) return
    if (session === undefined) close(connection)
    else connection.session = session
  }
  const lookAtAll = async () => {
    const signedIn = [...connections].filter(({ session }) => session !== undefined)
    for (let start = 0; start < signedIn.length && !isStopped; start += togetherMax)
      await Promise.all(signedIn.slice(start, start + togetherMax).map(look))
  }
  const lookAgain = () =>
    (looking ??= lookAtAll()
      // The store does not answer: nobody is sent away for that.
      .catch((error: unknown) => log.debug({ error }, 'sessions could not be looked up again'))
      .finally(() => (looking = undefined)))
  const end = (ended: ReadonlySet<string>) => {
    const closed = new Map<string, number>()
    for (const connection of connections) {
      const { session, outlet } = connection
      if (session === undefined || !ended.has(session.id)) continue
      if (outlet.isOpen()) closed.set(session.person.id, (closed.get(session.person.id) ?? 0) + 1)
      close(connection)
    }
    for (const [personId, count] of closed)
      security.note('signed-out', { personId, detail: `sockets closed here: ${count}` })
  }
  const unlisten = guests.onEnded((ended) => {
    if (ended === 'unknown') void lookAgain()
    else end(ended)
  })
  let timer: Timer
  const arm = () => {
    timer = clock.setTimer(lookAgainEveryMs, () => {
      void lookAgain().then(() => {
        if (!isStopped) arm()
      })
    })
  }
  arm()
  return {
    stop() {
      isStopped = true
      unlisten()
      timer.cancel()
    },
  }
}
