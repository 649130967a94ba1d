import type { Clock } from '../../lib/clock.ts'
import { createDeferred } from '../../lib/deferred.ts'
import type { StoreAccess } from '../access.ts'
import { AccessRefused } from '../errors.ts'
import { createCalls, type Question } from './calls.ts'
import { contain } from './containment.ts'
import { Expired, NoAnswer } from './failures.ts'
import { connectionStates, createLibraryClient, type Credentials, type Server } from './library.ts'
import { type Patience, whenOver } from './patience.ts'

/**
 * One TCP connection of a session, and a library client that lives no longer than it. The library's own ways to come back
 * are what goes wrong in it (half a frame kept, requests sent long after, one huge packet of watches, no end to waiting for
 * a server that does not answer), so it never reconnects: the next connection is a new client with the same credentials.
 */
export interface Connection {
  readonly server: Server
  readonly isUp: boolean
  /** The granted session timeout. */
  readonly timeoutMs: number
  /** When we asked for the session, on the monotonic clock. */
  readonly askedMs: number
  /** The revision in the newest answer. */
  readonly zxid: bigint
  /** Resolves when it is down, for whatever reason. */
  readonly closed: Promise<{ reason: Error }>
  credentials(): Credentials
  /**
   * Sends at once, in the order of the calls; the server works on them in this order too.
   * @throws NotSent, NoAnswer, or the library's Exception with the server's code
   */
  readonly ask: <T>(question: Question<T>, patience: Patience) => Promise<T>
  /** Breaks it; what is not on the wire yet is not sent later. */
  drop(reason: Error): void
  /** Ends the session too, now rather than at its timeout; without an answer the connection breaks when patience ends. */
  end(patience: Patience): Promise<void>
}

export interface ConnectionOptions {
  clock: Clock
  server: Server
  sessionTimeoutMs: number
  /** Undefined asks for a new session. */
  credentials: Credentials | undefined
  access?: StoreAccess
}

/**
 * Resolves when the server granted the session.
 * @throws Expired when it says that the session is over; NoAnswer when patience ends or the connection breaks first
 */
export async function openConnection(
  options: ConnectionOptions,
  patience: Patience,
): Promise<Connection> {
  const { clock, server } = options
  const client = createLibraryClient({ ...options, onTlsFailure: (error) => drop(error) })
  const manager = client.connectionManager
  const granted = createDeferred<undefined>()
  const closed = createDeferred<{ reason: Error }>()
  let askedMs = clock.monotonicMs()
  let isUp = true

  const drop = (reason: Error) => {
    if (!isUp) return
    isUp = false
    if (manager.connectTimeoutHandler !== null) clearTimeout(manager.connectTimeoutHandler)
    // A reset: what lies in the system's buffers must not arrive after we said that it did not.
    if (manager.socket?.connecting === true) manager.socket.destroy()
    else manager.socket?.resetAndDestroy()
    calls.end(reason)
    closed.resolve({ reason })
    granted.reject(reason)
  }
  const expire = () => drop(new Expired('the session is over'))
  const calls = createCalls({ ...options, client, onExpired: expire })
  contain(client, {
    isDown: () => !isUp,
    connected: () => (askedMs = clock.monotonicMs()),
    closed: () => drop(new NoAnswer('the connection was closed')),
    threw: drop,
  })
  manager.on('state', (state) => {
    if (state === connectionStates.connected) granted.resolve(undefined)
    if (state === connectionStates.expired) expire()
    if (state === connectionStates.authenticationFailed)
      drop(new AccessRefused('ZooKeeper refuses --store-user or its password'))
  })
  const cancel = whenOver(clock, patience, () => drop(new NoAnswer('no session in time')))
  client.connect()
  manager.connect = () => undefined
  await granted.promise.finally(cancel)
  return {
    server,
    closed: closed.promise,
    ask: calls.ask,
    drop,
    async end(lastPatience) {
      const cancelEnd = whenOver(clock, lastPatience, () => drop(new NoAnswer('no goodbye')))
      if (isUp) client.close()
      await closed.promise
      cancelEnd()
    },
    get isUp() {
      return isUp
    },
    get timeoutMs() {
      return client.getSessionTimeout()
    },
    get askedMs() {
      return askedMs
    },
    get zxid() {
      return manager.zxid.readBigInt64BE(0)
    },
    credentials: () => ({
      sessionId: client.getSessionId(),
      password: client.getSessionPassword(),
      zxid: manager.zxid,
    }),
  }
}
