import type { Key, Store } from '../../store/store.ts'
import type { GuestSession, Reads } from '../engine.ts'
import { keys } from '../keyspace.ts'
import { decodeSession, type SessionRecord } from './session-record.ts'

export interface ReadHow {
  readonly idleMs: number
  readonly reads: Exclude<Reads, 'none'>
}

/** Short enough for a list of 256, too long to be met by chance. */
function sessionIdOf(root: string): string {
  return root.slice(0, 32)
}

/** @param first the record of the session's first token, where this is a further one */
export function sessionOf(
  tokenHash: string,
  own: SessionRecord,
  first: SessionRecord = own,
): Omit<GuestSession, 'generation'> {
  const root = own.of ?? tokenHash
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

/**
 * The session of a token, and the one that it belongs to where it is a further token.
 * @throws Suspended, Unreadable
 */
export async function readSession(
  store: Store,
  tokenHash: string,
  how: ReadHow,
): Promise<Omit<GuestSession, 'generation'> | undefined> {
  const own = await read(store, keys.session(tokenHash), how)
  if (own === undefined) return undefined
  if (own.of === undefined) return sessionOf(tokenHash, own)
  const first = await read(store, keys.session(own.of), how)
  return first && sessionOf(tokenHash, own, first)
}

/** A leaf that this node has not seen yet may have been made on another a moment ago. */
async function read(
  store: Store,
  key: Key,
  { idleMs, reads }: ReadHow,
): Promise<SessionRecord | undefined> {
  const near = await store.get(key)
  const entry = near ?? (reads === 'fresh' ? await store.get(key, { fresh: true }) : undefined)
  return entry && decodeSession(key, entry.value, idleMs)
}
