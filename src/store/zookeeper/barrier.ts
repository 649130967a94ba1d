import type { Connection } from './connection.ts'

/**
 * Fresh reads. ZooKeeper's servers answer reads from what they have, which may be old, and its `sync` does not hold through
 * a change of leader; so a write goes ahead on the same connection. When it is through, the server that answers the
 * read has everything that was committed before the write was sent.
 */
export interface Barrier {
  /** Runs `read` behind a barrier that is sent after this call began. One at a time: who comes meanwhile shares the next. */
  behind<T>(read: (connection: Connection) => Promise<T>): Promise<T>
}

interface Sent {
  readonly connection: Connection
  readonly written: Promise<unknown>
}

export function createBarrier(deps: {
  connected: () => Promise<Connection>
  write: (connection: Connection) => Promise<unknown>
}): Barrier {
  let upcoming: Promise<Sent> | undefined
  let underWay: Promise<unknown> = Promise.resolve()

  async function send(): Promise<Sent> {
    await underWay
    const connection = await deps.connected().finally(() => (upcoming = undefined))
    const written = deps.write(connection)
    underWay = written.catch(() => undefined)
    return { connection, written }
  }
  return {
    async behind(read) {
      upcoming ??= send()
      const { connection, written } = await upcoming
      // Sent right behind it, not after its answer: the server takes the two in this order.
      const [value] = await Promise.all([read(connection), written])
      return value
    },
  }
}
