import type { Entropy } from '../../lib/entropy.ts'
import { OutcomeUnknown } from '../../store/errors.ts'
import type { Store } from '../../store/store.ts'
import { decodeJson, encodeJson } from '../codec.ts'
import type { GuestSession } from '../engine.ts'
import { keys } from '../keyspace.ts'
import {
  decodeSession,
  hashToken,
  isOver,
  newRecord,
  type SessionRecord,
} from './session-record.ts'

/** What signs a person in on another node, once. */
export interface Tickets {
  /** @throws Suspended, OutcomeUnknown */
  issue(session: GuestSession): Promise<{ ticket: string; expiresAt: number }>
  /**
   * A further token of the session that the ticket was for; undefined when the ticket is unknown, used or over.
   * @throws Suspended, OutcomeUnknown
   */
  redeem(ticket: string): Promise<{ token: string; record: SessionRecord } | undefined>
}

const ticketMs = 30_000
const triesMax = 3

interface TicketRecord {
  readonly of: string
  readonly expiresAt: number
}

export function createTickets(deps: {
  store: Store
  entropy: Entropy
  nowMs: () => number
  idleMs: number
}): Tickets {
  const { store, entropy, nowMs, idleMs } = deps
  return {
    async issue({ root }) {
      const ticket = entropy.token(32)
      const createdAt = nowMs()
      const expiresAt = createdAt + ticketMs
      const key = keys.ticket(hashToken(ticket))
      const value = encodeJson({ schema: 1, of: root, createdAt, expiresAt })
      await store.commit({
        guards: [{ kind: 'present', key: keys.session(root) }],
        writes: [{ kind: 'create', key, value }],
      })
      return { ticket, expiresAt }
    },
    async redeem(ticket) {
      const key = keys.ticket(hashToken(ticket))
      const token = entropy.token(32)
      const leaf = keys.session(hashToken(token))
      for (let tries = 0; tries < triesMax; tries++) {
        const entry = await store.get(key, { fresh: true })
        if (entry === undefined) return undefined
        const { of, expiresAt } = decodeJson(key, entry.value) as TicketRecord
        const rootKey = keys.session(of)
        const root = await store.get(rootKey, { fresh: true })
        if (root === undefined || isOver({ expiresAt }, nowMs())) return undefined
        const session = decodeSession(rootKey, root.value, idleMs)
        if (isOver(session, nowMs())) return undefined
        const record = { ...newRecord(session, nowMs(), session.expiresAt), of }
        try {
          const { ok } = await store.commit({
            guards: [{ kind: 'present', key: rootKey }],
            writes: [
              { kind: 'delete', key },
              { kind: 'create', key: leaf, value: encodeJson(record) },
            ],
          })
          return ok ? { token, record } : undefined
        } catch (error) {
          if (!(error instanceof OutcomeUnknown)) throw error
          if ((await store.get(leaf, { fresh: true })) !== undefined) return { token, record }
        }
      }
      throw new OutcomeUnknown()
    },
  }
}
