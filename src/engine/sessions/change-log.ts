import type { Entry } from '../../store/store.ts'
import { decodeJson, encodeJson, Unreadable } from '../codec.ts'
import { keys } from '../keyspace.ts'

/** The leaf `changes`: which sessions ended lately, so that every node learns of it by one watch. */
export interface ChangeLog {
  /** Listed since the beginning of the store. */
  readonly count: number
  /** The newest of them, oldest first: `s/<session id>`. */
  readonly newest: readonly string[]
}

/** A node that missed more gives up all that it believes. */
const newestMax = 256

const nothingYet: ChangeLog = { count: 0, newest: [] }

/** @throws Unreadable */
export function decodeChanges(entry: Entry | undefined): ChangeLog {
  if (entry === undefined) return nothingYet
  const log = decodeJson(keys.changes, entry.value) as Partial<ChangeLog> | null
  if (typeof log?.count === 'number' && Array.isArray(log.newest)) {
    return { count: log.count, newest: log.newest }
  }
  throw new Unreadable(keys.changes, 'it is no list of changes')
}

export function encodeChanges({ count, newest }: ChangeLog): Uint8Array {
  return encodeJson({ schema: 1, count, newest })
}

export function withEnded(log: ChangeLog, sessionIds: readonly string[]): ChangeLog {
  const listed = sessionIds.map((id) => `s/${id}`)
  return {
    count: log.count + listed.length,
    newest: [...log.newest, ...listed].slice(-newestMax),
  }
}

/** The sessions that ended after the first `seenCount` changes; undefined when more were missed than are listed. */
export function endedSince(log: ChangeLog, seenCount: number): string[] | undefined {
  const missedCount = log.count - seenCount
  if (missedCount <= 0) return []
  if (missedCount > log.newest.length) return undefined
  const missed = log.newest.slice(-missedCount)
  return missed.flatMap((change) => (change.startsWith('s/') ? [change.slice(2)] : []))
}
