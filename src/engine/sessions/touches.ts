import { asError } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Store, Write } from '../../store/store.ts'
import { encodeJson } from '../codec.ts'
import type { GuestSession } from '../engine.ts'
import { keys } from '../keyspace.ts'
import { decodeSession } from './session-record.ts'

/** Notes in the store that sessions are used, in the background. */
export interface Touches {
  /** Returns at once. */
  touch(session: GuestSession): void
}

/** A session in use is written so often. */
const touchEveryMs = 3_600_000
/** Beyond it the next use of a session notes it. */
const inFlightMax = 16

export function createTouches(deps: {
  store: Store
  log: Log
  nowMs: () => number
  idleMs: number
  /** It was written: what is believed of it is old. */
  onTouched: (session: GuestSession) => void
}): Touches {
  const { store, idleMs } = deps
  const underWay = new Set<string>()

  const write = async (session: GuestSession, nowMs: number) => {
    const hashes = [...new Set([session.root, session.tokenHash])]
    const writes: Write[] = []
    for (const hash of hashes) {
      const key = keys.session(hash)
      const entry = await store.get(key)
      if (entry === undefined) return
      const record = decodeSession(key, entry.value, idleMs)
      const expiresAt =
        record.fixed === true ? record.expiresAt : Math.max(record.expiresAt, nowMs + idleMs)
      writes.push({ kind: 'put', key, value: encodeJson({ ...record, seenAt: nowMs, expiresAt }) })
    }
    // A session that ended meanwhile has no leaf to be put: refused.
    const { ok } = await store.commit({ guards: [], writes })
    if (ok) deps.onTouched(session)
  }
  return {
    touch(session) {
      const nowMs = deps.nowMs()
      if (nowMs - session.seenAt < touchEveryMs) return
      if (underWay.size >= inFlightMax || underWay.has(session.id)) return
      underWay.add(session.id)
      void write(session, nowMs)
        .catch((error: unknown) =>
          deps.log.debug({ error: asError(error).message }, 'a session is noted as used later'),
        )
        .finally(() => underWay.delete(session.id))
    },
  }
}
