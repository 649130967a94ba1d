import { createHash } from 'node:crypto'
import type { Key } from '../../store/store.ts'
import { decodeJson, Unreadable } from '../codec.ts'

const schema = 2

/** A leaf below `sessions/`, named by the SHA-256 of its token. Times are ms since 1970. */
export interface SessionRecord {
  readonly schema: number
  /** The person's id and name. */
  readonly id: string
  readonly name: string
  readonly createdAt: number
  /** When it was last used, to about an hour. */
  readonly seenAt: number
  readonly expiresAt: number
  /** Of a further token: the hash of the session's first token. It is good only while that leaf is there. */
  readonly of?: string
  /** Ends at `expiresAt`, however much it is used. */
  readonly fixed?: true
}

export function newRecord(
  person: { id: string; name: string },
  nowMs: number,
  expiresAt: number,
): SessionRecord {
  const { id, name } = person
  return { schema, id, name, createdAt: nowMs, seenAt: nowMs, expiresAt }
}

/**
 * Reads records of schema 1 too, which had no end: theirs counts from when they were made.
 * @throws Unreadable
 */
export function decodeSession(key: Key, value: Uint8Array, idleMs: number): SessionRecord {
  const record = decodeJson(key, value) as Partial<SessionRecord> | null
  if (typeof record?.id !== 'string' || typeof record.name !== 'string') {
    throw new Unreadable(key, 'it is no session')
  }
  if ((record.schema ?? 1) > schema) throw new Unreadable(key, 'its schema is newer than ours')
  const createdAt = record.createdAt ?? 0
  return {
    ...newRecord({ id: record.id, name: record.name }, createdAt, createdAt + idleMs),
    ...record,
    schema,
  }
}

/** Whether a session or ticket is past its end. @param nowMs ms since 1970 */
export function isOver(record: { readonly expiresAt: number }, nowMs: number): boolean {
  return record.expiresAt <= nowMs
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
