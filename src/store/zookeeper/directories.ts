import { LRUCache } from 'lru-cache'
import type { Key } from '../store.ts'
import type { Connection } from './connection.ts'
import { codeOf, codes } from './failures.ts'
import { createContainer } from './library.ts'
import type { Paths } from './paths.ts'
import type { Patience } from './patience.ts'

/** Directories remembered as being there; one that is forgotten costs a refused create. */
const knownMax = 20_000
const nothing = Buffer.alloc(0)

/** Makes directories appear. The servers remove them by themselves some time after their last leaf went. */
export interface Directories {
  /**
   * Sends the creation of those that are not known to be there, and does not wait: what is sent next on this connection
   * finds them, unless one that was known is gone.
   */
  ensure(connection: Connection, keys: readonly Key[], patience: Patience): void
  /** They turned out to be gone. */
  forget(keys: readonly Key[]): void
  /** The root and the barrier, which stay. */
  ensureRoot(connection: Connection, patience: Patience): Promise<void>
  writeBarrier(connection: Connection, patience: Patience): Promise<void>
}

export function createDirectories(paths: Paths): Directories {
  const known = new LRUCache<string, true>({ max: knownMax })

  const make = async (connection: Connection, path: string, patience: Patience) => {
    try {
      await connection.ask<unknown>((client, answer) => {
        createContainer(client, path, (error) => answer(error, undefined))
      }, patience)
    } catch (error) {
      if (codeOf(error) !== codes.nodeExists) throw error
    }
    known.set(path, true)
  }
  const ensureRoot = async (connection: Connection, patience: Patience) => {
    const made = [...ancestors(paths.root), paths.barrier].map(async (path) => {
      try {
        await connection.ask<unknown>((client, answer) => client.create(path, answer), patience)
      } catch (error) {
        if (codeOf(error) !== codes.nodeExists) throw error
      }
    })
    await Promise.all(made)
  }
  return {
    ensure(connection, keys, patience) {
      const wanted = new Set(keys.flatMap((key) => paths.above(key)))
      const unknown = [...wanted].filter((path) => !known.has(path))
      // A failure shows again, and better, in what is sent next.
      for (const path of unknown) make(connection, path, patience).catch(() => undefined)
    },
    forget(keys) {
      for (const key of keys) for (const path of paths.above(key)) known.delete(path)
    },
    ensureRoot,
    async writeBarrier(connection, patience) {
      try {
        await connection.ask<unknown>(
          (client, answer) => client.setData(paths.barrier, nothing, answer),
          patience,
        )
      } catch (error) {
        // Somebody wiped the root while we run. This barrier did not stand; the next one will.
        if (codeOf(error) === codes.noNode) await ensureRoot(connection, patience)
        throw error
      }
    },
  }
}

function ancestors(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((_, index, segments) => `/${segments.slice(0, index + 1).join('/')}`)
}
