import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../../lib/clock.ts'
import { groupOf, plainAddress } from '../../lib/ip-address.ts'
import type { Metrics } from '../../lib/metrics.ts'
import type { ProtocolLimits } from '../../protocol/limits.ts'
import type { Addresses } from '../addresses.ts'
import type { SecurityLog } from '../security-log.ts'
import { createShares, shareMax, yields } from '../shares.ts'
import type { Held } from './held.ts'
import { cutSlow } from './slow-readers.ts'
import { createUnread } from './unread.ts'

/**
 * All TCP connections of a node, HTTP, WebSocket and links of other nodes alike: how many there are, whose they are, and which of
 * them go when there are too many or when one does not take what it asked for.
 */
export interface Connections {
  /** Undefined for one that was not let in, or was cut. */
  of(socket: Socket): Held | undefined
  /** Cuts it and logs why. */
  cut(held: Held, why: string): void
  /** A node of the cluster: it counts against nobody's share, and never makes room for anybody. */
  keep(socket: Socket): void
  /** Counts the bytes of a body until `release`. Beyond `unreadBytesMax` in all the connection with the most is cut. */
  hold(held: Held, bytes: number): void
  release(held: Held, bytes: number): void
  /** Cuts all. */
  cutAll(): void
  stop(): void
}

export interface ConnectionDeps {
  clock: Clock
  limits: ProtocolLimits
  metrics: Metrics
  addresses: Addresses
  security: SecurityLog
}

export function createConnections(server: Server, deps: ConnectionDeps): Connections {
  const { clock, limits, metrics, addresses, security } = deps
  const all = new Map<Socket, Held>()
  const shares = createShares<Held>()
  const unread = createUnread(limits.unreadBytesMax, (held) => cut(held, 'answers not taken'))

  const forget = (held: Held) => {
    if (!all.delete(held.socket)) return
    if (held.group !== undefined) shares.remove(held.group, held)
    unread.forget(held)
    metrics.gauge('connections', all.size)
  }
  const cut = (held: Held, why: string) => {
    if (!all.has(held.socket)) return
    forget(held)
    held.socket.destroy()
    metrics.count('connections_cut_total', { why })
    security.note('connection-cut', { address: held.address, detail: why })
  }
  const makeRoom = (newcomerCount: number): boolean => {
    const largest = shares.largest()
    const loser = yields(largest.size, newcomerCount) ? expendable(largest) : undefined
    if (loser !== undefined) cut(loser, 'room for others')
    return loser !== undefined
  }
  const admit = (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '')
    const group = addresses.isTrusted(address) ? undefined : groupOf(address)
    const count = group === undefined ? 0 : shares.countOf(group)
    const { connectionsPerAddressMax, connectionsPerNodeMax } = limits
    const isOver =
      group !== undefined && count >= shareMax(connectionsPerAddressMax, connectionsPerNodeMax)
    if (isOver || (all.size >= connectionsPerNodeMax && !makeRoom(count))) {
      socket.destroy()
      const why = isOver ? 'address' : 'node'
      metrics.count('connections_refused_total', { why })
      security.note('connection-refused', { address, detail: `too many of the ${why}` })
      return
    }
    const held = newHeld(socket, address, group)
    all.set(socket, held)
    if (group !== undefined) shares.add(group, held)
    metrics.gauge('connections', all.size)
    socket.once('close', () => forget(held))
  }
  server.on('connection', (socket: Socket) => {
    // Once more for one whose request is read anew without its upgrade.
    if (!all.has(socket)) admit(socket)
  })
  server.on('secureConnection', (socket: TLSSocket) => secured(all, socket))
  const slowness = cutSlow(server, { clock, unreadMsMax: limits.unreadMsMax, all, cut })
  return {
    of: (socket) => all.get(socket),
    cut,
    keep(socket) {
      const held = all.get(socket)
      if (held?.group === undefined) return
      shares.remove(held.group, held)
      held.group = undefined
    },
    hold(held, bytes) {
      if (all.has(held.socket)) unread.add(held, bytes)
    },
    release(held, bytes) {
      if (all.has(held.socket)) unread.remove(held, bytes)
    },
    cutAll() {
      for (const socket of all.keys()) socket.destroy()
    },
    stop: () => slowness.stop(),
  }
}

/** From now on the connection is known by its secure socket, which is the one to pause and to cut. */
function secured(all: Map<Socket, Held>, socket: TLSSocket): void {
  if (all.has(socket)) return
  const held = [...all.values()].find((other) => isBelow(other.socket, socket))
  if (held === undefined) {
    socket.destroy()
    return
  }
  all.delete(held.socket)
  held.socket = socket
  all.set(socket, held)
}

/** Both name the other end of the same TCP connection. */
function isBelow(plain: Socket, secure: TLSSocket): boolean {
  return plain.remotePort === secure.remotePort && plain.remoteAddress === secure.remoteAddress
}

function newHeld(socket: Socket, address: string, group: string | undefined): Held {
  return {
    ...{
      socket,
      address,
      group,
      isUpgraded: false,
      unansweredCount: 0,
      begunCount: 0,
      waiting: [],
    },
    ...{ unreadBytes: 0, owesSinceMs: 0, isPaused: false, onAnswered: undefined },
  }
}

/** The one that waits for the next request longest; else the newest that is asking; else the newest socket. */
function expendable(ofOneGroup: ReadonlySet<Held>): Held | undefined {
  let asking: Held | undefined
  let upgraded: Held | undefined
  for (const held of ofOneGroup) {
    if (held.isUpgraded) upgraded = held
    else if (held.unansweredCount === 0) return held
    else asking = held
  }
  return asking ?? upgraded
}
