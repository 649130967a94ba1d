import { sleep, type Clock, type Timer } from '../../lib/clock.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { ProtocolLimits } from '../../protocol/limits.ts'
import type { Connection } from './connection.ts'

/** All sockets of this node. */
export interface Hub {
  /** Whether one more from this address may come in. */
  hasRoomFor(address: string): boolean
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

export function createHub(deps: { clock: Clock; limits: ProtocolLimits; metrics: Metrics }): Hub {
  const { clock, limits, metrics } = deps
  const connections = new Set<Connection>()
  const countByAddress = new Map<string, number>()
  const stopPinging = keepPinging(connections, clock, limits)
  let onEmpty: (() => void) | undefined

  const count = (address: string, by: number) => {
    const now = (countByAddress.get(address) ?? 0) + by
    if (now > 0) countByAddress.set(address, now)
    else countByAddress.delete(address)
    metrics.gauge('ws_connections', connections.size)
  }
  return {
    connections,
    hasRoomFor: (address) =>
      connections.size < limits.socketsPerNodeMax &&
      (countByAddress.get(address) ?? 0) < limits.socketsPerAddressMax,
    add(connection) {
      connections.add(connection)
      count(connection.address, 1)
    },
    remove(connection) {
      if (!connections.delete(connection)) return
      count(connection.address, -1)
      if (connections.size === 0) onEmpty?.()
    },
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
