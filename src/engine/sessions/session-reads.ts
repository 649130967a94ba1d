import type { Key, Store } from '../../store/store.ts'
import type { GuestSession } from '../engine.ts'
import { keys } from '../keyspace.ts'
import { decodeSession, type SessionRecord } from './session-record.ts'

/** Short enough for a list of 256, too long to be met by chance. */
export function sessionIdOf(root: string): string {
  return root.slice(0, 32)
}

/**
 * The session of a token, and the one that it belongs to where it is a further token.
 * @throws Suspended, Unreadable
 */
export async function readSession(
  store: Store,
  tokenHash: string,
  idleMs: number,
  reads: 'plain' | 'fresh',
): Promise<Omit<GuestSession, 'generation'> | undefined> {
  const own = await read(store, keys.session(tokenHash), idleMs, reads)
  if (own === undefined) return undefined
  const root = own.of ?? tokenHash
  const first =
    own.of === undefined ? own : await read(store, keys.session(own.of), idleMs, 'fresh')
  if (first === undefined) return undefined
  const { id, name, seenAt } = first
  return {
    person: { id, name },
    id: sessionIdOf(root),
    root,
    tokenHash,
    seenAt,
    expiresAt: Math.min(own.expiresAt, first.expiresAt),
  }
}

/** A leaf that this node has not seen yet may have been made on another a moment ago. */
async function read(
  store: Store,
  key: Key,
  idleMs: number,
  reads: 'plain' | 'fresh',
): Promise<SessionRecord | undefined> {
  const near = await store.get(key)
  const entry = near ?? (reads === 'fresh' ? await store.get(key, { fresh: true }) : undefined)
  return entry && decodeSession(key, entry.value, idleMs)
}
