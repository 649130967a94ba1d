import { Suspended } from '../errors.ts'
import type { StoreAccess } from '../access.ts'
import type { OpenOptions } from '../open-options.ts'
import type { Session } from '../store.ts'
import type { Connection } from './connection.ts'
import { createDialer, nameOf } from './dialer.ts'
import { startHeartbeat } from './heartbeat.ts'
import { NoAnswer } from './failures.ts'
import type { Server } from './library.ts'
import type { Patience } from './patience.ts'
import { createSessionKeeper } from './session-keeper.ts'
import { createSuccession } from './succession.ts'
import { createWaitingRoom } from './waiting-room.ts'

/** Four in the silence that suspends: an answer may be late by three quarters of that. */
const beatsPerSession = 12

/** The session in force and the way to its server. */
export interface Link {
  /** Undefined before the first was granted. */
  readonly session: Session | undefined
  /** The connection in use; undefined while it is being replaced. @throws Suspended unless the session serves */
  current(): Connection | undefined
  /** @throws Suspended when the session is suspended, or patience ends, before there is a connection */
  connected(patience: Patience): Promise<Connection>
  /** The server that we are connected to. */
  readonly reachable: readonly string[]
  onSessionChange(listener: (session: Session) => void): () => void
  /** Goes on with the next server; seldom, so that what is missing everywhere costs the session nothing. */
  distrust(reason: string): void
  close(): Promise<void>
}

export function createLink(
  options: OpenOptions & {
    servers: readonly Server[]
    access: StoreAccess
    /** Told of each try to connect that failed. */
    onFailure: (reason: Error) => void
    /** Asks something that only a quorum can answer. */
    probe: (connection: Connection, patience?: Patience) => Promise<void>
    /** Told of each new connection, as soon as calls may use it. */
    onConnection: (connection: Connection) => void
  },
): Link {
  const { clock, log, sessionTimeoutMs } = options
  const keeper = createSessionKeeper({ ...options, timeoutMs: sessionTimeoutMs })
  const dialer = createDialer(options)
  const waitingRoom = createWaitingRoom(clock)
  const succession = createSuccession({
    clock,
    log,
    dialer,
    keeper,
    startHeartbeat: (connection) =>
      startHeartbeat({
        clock,
        connection,
        everyMs: sessionTimeoutMs / beatsPerSession,
        probe: () => options.probe(connection),
        onAnswer: (sentMs) => keeper.heard(sentMs),
      }),
    onConnection(connection) {
      waitingRoom.admit(connection)
      options.onConnection(connection)
    },
  })
  const distrust = createDistrust(options, () => succession.connection)
  let isClosed = false

  keeper.onChange(({ id: sessionId, state }) => {
    if (state === 'serving') {
      log.info({ sessionId }, 'the store serves')
      return
    }
    log.warn({ sessionId, state }, 'the store does not serve')
    waitingRoom.refuse()
  })
  function current(): Connection | undefined {
    if (isClosed || keeper.current?.state !== 'serving') throw new Suspended()
    return succession.connection
  }
  return {
    get session() {
      return keeper.current
    },
    current,
    connected: async (patience) => current() ?? waitingRoom.wait(patience),
    get reachable() {
      return succession.connection === undefined ? [] : [nameOf(succession.connection.server)]
    },
    onSessionChange: (listener) => keeper.onChange(listener),
    distrust,
    async close() {
      isClosed = true
      waitingRoom.refuse()
      await succession.close()
    },
  }
}

function createDistrust(
  { clock, log, sessionTimeoutMs }: OpenOptions,
  connectionInUse: () => Connection | undefined,
): Link['distrust'] {
  let againAtMs = -Infinity
  return (reason) => {
    const connection = connectionInUse()
    const nowMs = clock.monotonicMs()
    if (connection === undefined || nowMs < againAtMs) return
    againAtMs = nowMs + sessionTimeoutMs / 3
    log.error({ server: nameOf(connection.server), reason }, 'this server lacks what was committed')
    connection.drop(new NoAnswer('its server lacks what was committed'))
  }
}
