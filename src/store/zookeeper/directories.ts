import type { ACL } from 'node-zookeeper-client'
import { LRUCache } from 'lru-cache'
import { AccessRefused } from '../errors.ts'
import type { Key } from '../store.ts'
import type { Connection } from './connection.ts'
import { codeOf, codes } from './failures.ts'
import { createContainer } from './library.ts'
import type { Paths } from './paths.ts'
import type { Patience } from './patience.ts'

/** Directories remembered as being there; one that is forgotten costs a refused create. */
const knownMax = 20_000
const nothing = Buffer.alloc(0)

interface Entry {
  readonly id: { readonly scheme: string }
}

function notOurs(root: string, cause: unknown): AccessRefused {
  const message =
    `${root} belongs to another ZooKeeper user, or needs one: ` +
    'check --store-user and --store-password-file'
  return new AccessRefused(message, { cause })
}

/** Makes directories appear. The servers remove them by themselves some time after their last leaf went. */
export interface Directories {
  /**
   * Sends the creation of those that are not known to be there, and does not wait: what is sent next on this connection
   * finds them, unless one that was known is gone.
   */
  ensure(connection: Connection, keys: readonly Key[], patience: Patience): void
  /** They turned out to be gone. */
  forget(keys: readonly Key[]): void
  /** The root and the barrier, which stay. @throws AccessRefused when they belong to somebody else */
  ensureRoot(connection: Connection, patience: Patience): Promise<void>
  writeBarrier(connection: Connection, patience: Patience): Promise<void>
  /** Whether anybody may do something with the root, as when it was made without a login. */
  isRootOpen(connection: Connection, patience: Patience): Promise<boolean>
}

export function createDirectories(paths: Paths, acl: ACL[]): Directories {
  const known = new LRUCache<string, true>({ max: knownMax })

  const make = async (connection: Connection, path: string, patience: Patience) => {
    try {
      await connection.ask<unknown>((client, answer) => {
        createContainer(client, path, acl, (error) => answer(error, undefined))
      }, patience)
    } catch (error) {
      if (codeOf(error) !== codes.nodeExists) throw error
    }
    known.set(path, true)
  }
  const ensureRoot = async (connection: Connection, patience: Patience) => {
    const made = [...ancestors(paths.root), paths.barrier].map(async (path) => {
      try {
        await connection.ask<unknown>(
          (client, answer) => client.create(path, nothing, acl, 0, answer),
          patience,
        )
      } catch (error) {
        if (codeOf(error) === codes.noAuth) throw notOurs(paths.root, error)
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
    async isRootOpen(connection, patience) {
      const entries = await connection.ask<ACL[]>(
        (client, answer) => client.getACL(paths.root, answer),
        patience,
      )
      return entries.some((entry) => (entry as unknown as Entry).id.scheme === 'world')
    },
    async writeBarrier(connection, patience) {
      try {
        await connection.ask<unknown>(
          (client, answer) => client.setData(paths.barrier, nothing, answer),
          patience,
        )
      } catch (error) {
        // Somebody wiped the root while we run. This barrier did not stand; the next one will.
        if (codeOf(error) === codes.noAuth) throw notOurs(paths.root, error)
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
