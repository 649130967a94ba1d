import { sleep, type Clock, type Timer } from '../../lib/clock.ts'
import { groupOf } from '../../lib/ip-address.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { ProtocolLimits } from '../../protocol/limits.ts'
import type { Addresses } from '../addresses.ts'
import { createShares, shareMax, yields } from '../shares.ts'
import type { Connection } from './connection.ts'

/** All sockets of this node. */
export interface Hub {
  /** Whether one more from this address may come in; a socket of the address with far the most goes for it. */
  makesRoomFor(address: string): boolean
  add(connection: Connection): void
  remove(connection: Connection): void
  readonly connections: ReadonlySet<Connection>
  /** The same frame to everybody. */
  broadcast(frame: string): void
  /** Closes all with 1012, spread out so that they do not storm the next node; those that wait for an outcome a little later. */
  drain(): Promise<void>
  stop(): void
}

const drainSlices = 20
/** How long a leaving node waits for outcomes and closing handshakes. */
const drainPatienceMs = 5_000

export function createHub(deps: {
  clock: Clock
  limits: ProtocolLimits
  metrics: Metrics
  addresses: Addresses
}): Hub {
  const { clock, limits, metrics, addresses } = deps
  const connections = new Set<Connection>()
  const shares = createShares<Connection>()
  const isShared = (address: string) => !addresses.isTrusted(address)
  const countOf = (address: string) => (isShared(address) ? shares.countOf(groupOf(address)) : 0)
  const stopPinging = keepPinging(connections, clock, limits)
  let onEmpty: (() => void) | undefined

  const remove = (connection: Connection) => {
    if (!connections.delete(connection)) return
    shares.remove(groupOf(connection.address), connection)
    metrics.gauge('ws_connections', connections.size)
    if (connections.size === 0) onEmpty?.()
  }
  return {
    connections,
    makesRoomFor(address) {
      const { socketsPerAddressMax, socketsPerNodeMax } = limits
      const count = countOf(address)
      if (count >= shareMax(socketsPerAddressMax, socketsPerNodeMax)) return false
      if (connections.size < socketsPerNodeMax) return true
      const largest = shares.largest()
      const newest = yields(largest.size, count) ? [...largest].at(-1) : undefined
      if (newest === undefined) return false
      remove(newest)
      newest.outlet.close(closeCodes.overloaded, 'too many sockets of your address')
      return true
    },
    add(connection) {
      connections.add(connection)
      const { address } = connection
      if (isShared(address)) shares.add(groupOf(address), connection)
      metrics.gauge('ws_connections', connections.size)
    },
    remove,
    broadcast(frame) {
      for (const { outlet } of connections) outlet.sendShared(frame)
    },
    async drain() {
      const leaving = [...connections]
      const sliceSize = Math.ceil(leaving.length / drainSlices)
      for (let start = 0; start < leaving.length; start += sliceSize) {
        leaving.slice(start, start + sliceSize).forEach(leave)
        await sleep(clock, limits.drainSpreadMs / drainSlices)
      }
      if (connections.size === 0) return
      const emptied = new Promise<void>((resolve) => (onEmpty = resolve))
      await Promise.race([emptied, sleep(clock, drainPatienceMs)])
      for (const { outlet } of connections) outlet.terminate()
    },
    stop() {
      stopPinging()
      for (const { outlet } of connections) outlet.terminate()
    },
  }
}

/** Lets a socket go once its bids are answered. */
function leave(connection: Connection): void {
  const close = () => connection.outlet.close(closeCodes.restarting, 'this node is leaving')
  if (connection.bidsInFlight === 0) close()
  else connection.onIdle = close
}

/** Cuts off who has not been heard since two pings. */
function keepPinging(
  connections: ReadonlySet<Connection>,
  clock: Clock,
  { pingEveryMs, missedPingsMax }: ProtocolLimits,
): () => void {
  let timer: Timer
  const tick = () => {
    for (const connection of connections) {
      if (connection.missedPingCount >= missedPingsMax) {
        connection.outlet.terminate()
        continue
      }
      connection.missedPingCount++
      connection.outlet.ping()
    }
    timer = clock.setTimer(pingEveryMs, tick)
  }
  timer = clock.setTimer(pingEveryMs, tick)
  return () => timer.cancel()
}
