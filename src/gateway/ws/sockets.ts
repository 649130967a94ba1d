import type { IncomingMessage } from 'node:http'
import type { RawData, WebSocket } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { ProtocolLimits } from '../../protocol/limits.ts'
import type { SessionCookies } from '../cookie.ts'
import type { GatewayDeps } from '../gateway-deps.ts'
import type { ErrorCode } from '../../protocol/error-code.ts'
import type { SecurityEvent } from '../security-log.ts'
import type { Hosts } from '../hosts.ts'
import type { Identity } from '../identity.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Origins } from '../origins.ts'
import type { Rates } from '../rate.ts'
import { createShownTime } from '../shown-time.ts'
import type { Connection } from './connection.ts'
import { createFrames } from './frames.ts'
import { greet, serviceFrame } from './greeting.ts'
import { createHub } from './hub.ts'
import { takeFrame } from './read-frame.ts'
import { createOutlet, type Outlet } from './outlet.ts'
import { createSessionWatch } from './session-watch.ts'
import { createSharedFrame } from './shared-frame.ts'
import type { SocketDeps } from './socket-deps.ts'
import { createSubscriptions } from './subscriptions.ts'
import { createTokenRate } from './token-bucket.ts'
import { createUpgrade, type OnUpgrade } from './upgrade.ts'

/** The WebSocket side of the gateway. */
export interface Sockets {
  readonly onUpgrade: OnUpgrade
  /** A socket that was let in, and the request that it came with. */
  accept(socket: WebSocket, request: IncomingMessage): void
  /** Closes all sockets, politely; those that still come are turned away at once. */
  drain(): Promise<void>
  stop(): void
}

export function createSockets(
  given: GatewayDeps & {
    identity: Identity
    hosts: Hosts
    isSecure: IsSecure
    origins: Origins
    rates: Rates
    cookies: SessionCookies
  },
): Sockets {
  const { engine, clock, limits, log, metrics, nodeId, origins, hosts, isSecure } = given
  const deps: SocketDeps = {
    ...given,
    now: createShownTime(engine.time, clock),
    ...frameRates(clock, limits),
  }
  const shared = createSharedFrame()
  const hub = createHub({ clock, limits, metrics, addresses: given.addresses })
  const { connections } = hub
  const sessions = createSessionWatch({ ...given, guests: engine.guests, connections })
  const unlisten = engine.cluster.onServiceChange((service) => {
    hub.broadcast(JSON.stringify(serviceFrame(service)))
  })
  let isLeaving = false

  const onError = (error: Error) => log.debug({ error }, 'socket error')
  const accept = (socket: WebSocket, request: IncomingMessage) => {
    const outlet = createOutlet(socket, shared, clock)
    // What went wrong shows in the close that follows.
    socket.on('error', onError)
    const address = given.addresses.of(request)
    if (isLeaving) outlet.close(closeCodes.restarting, 'this node is leaving')
    else if (!hub.makesRoomFor(address)) {
      given.security.note('connection-refused', { address, detail: 'too many sockets' })
      outlet.close(closeCodes.overloaded, 'too many sockets')
    } else {
      const connection = createConnection(outlet, request, address, deps)
      hub.add(connection)
      listen(socket, connection, deps)
      socket.on('close', () => {
        hub.remove(connection)
        connection.subscriptions.endAll()
      })
    }
  }
  return {
    onUpgrade: createUpgrade({
      ...{ clock, nodeId, origins, hosts, isSecure },
      frameBytesMax: limits.frameBytesMax,
      onSocket: accept,
      onRefused(code, request) {
        const event = refusalEvents[code]
        if (event === undefined) return
        given.security.note(event, { address: given.addresses.of(request), detail: 'websocket' })
      },
    }),
    accept,
    drain() {
      isLeaving = true
      return hub.drain()
    },
    stop() {
      isLeaving = true
      unlisten()
      sessions.stop()
      hub.stop()
    },
  }
}

const refusalEvents: Partial<Record<ErrorCode, SecurityEvent>> = {
  'wrong-host': 'host-refused',
  'origin-not-allowed': 'origin-refused',
}

/** Of frames, and of those over that rate. */
function frameRates(
  clock: Clock,
  { framesPerSecond, framesBurst, rateStrikesMax }: ProtocolLimits,
): Pick<SocketDeps, 'frameRate' | 'strikeRate'> {
  const forgivenPerSecond = Math.max(1, rateStrikesMax / 10)
  return {
    frameRate: createTokenRate({ clock, perSecond: framesPerSecond, burst: framesBurst }),
    strikeRate: createTokenRate({ clock, perSecond: forgivenPerSecond, burst: rateStrikesMax }),
  }
}

function createConnection(
  outlet: Outlet,
  request: IncomingMessage,
  address: string,
  { engine, limits, frameRate, strikeRate, cookies }: SocketDeps,
): Connection {
  const { feeds } = engine
  return {
    outlet,
    address,
    subscriptions: createSubscriptions({
      feeds,
      outlet,
      max: limits.subscriptionsPerSocketMax,
    }),
    frames: frameRate.fullBucket(),
    strikes: strikeRate.fullBucket(),
    missedPingCount: 0,
    bidsInFlight: 0,
    onIdle: undefined,
    token: cookies.read(request),
    session: undefined,
  }
}

function listen(socket: WebSocket, connection: Connection, deps: SocketDeps): void {
  const onFrame = createFrames(connection, deps, greet(connection, deps))
  const heard = () => {
    connection.missedPingCount = 0
  }
  const onControl = () => {
    heard()
    takeFrame(connection, deps)
  }
  socket.on('pong', onControl)
  socket.on('ping', onControl)
  socket.on('message', (data: RawData, isBinary: boolean) => {
    heard()
    onFrame(isBinary ? undefined : textOf(data))
  })
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString()
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString()
}
