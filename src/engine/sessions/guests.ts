import { createHmac } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import type { Entropy } from '../../lib/entropy.ts'
import type { Log } from '../../lib/log.ts'
import { newUlid } from '../../lib/ulid.ts'
import { OutcomeUnknown, Suspended } from '../../store/errors.ts'
import type { Store } from '../../store/store.ts'
import { encodeJson } from '../codec.ts'
import type { ClusterTime, GuestSession, Guests, NewSession, Reads } from '../engine.ts'
import { keys } from '../keyspace.ts'
import { type Beliefs, createBeliefs } from './beliefs.ts'
import { type ChangeWatch, createChangeWatch } from './change-watch.ts'
import { createEndings } from './endings.ts'
import { hashToken, isOver, newRecord, type SessionRecord } from './session-record.ts'
import { readSession, sessionOf } from './session-reads.ts'
import { createTickets } from './tickets.ts'
import { createTouches, type Touches } from './touches.ts'

/** Guests and their sessions: what is in the store, what this node believes, and how it learns that one ended. */
export interface RunningGuests extends Guests {
  /** Learns of endings on other nodes until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface GuestDeps {
  store: Store
  clock: Clock
  entropy: Entropy
  log: Log
  time: Pick<ClusterTime, 'now'>
  sessionIdleMs?: number
}

const sessionIdleMsDefault = 30 * 86_400_000
/** A page's token is the same for one such span, and good until the end of the next. */
const pageSpanMs = 12 * 3_600_000
/** Reads of one token that are overtaken by what ended meanwhile. */
const readsMax = 3

/** What the functions below share. */
interface Parts extends GuestDeps {
  idleMs: number
  nowMs: () => number
  beliefs: Beliefs
  watch: ChangeWatch
  touches: Touches
}

export function createGuests(deps: GuestDeps): RunningGuests {
  const { store, clock, entropy, sessionIdleMs: idleMs = sessionIdleMsDefault } = deps
  const nowMs = () => deps.time.now() ?? clock.wallMs()
  const beliefs = createBeliefs(clock)
  const listeners = new Set<Parameters<Guests['onEnded']>[0]>()
  const tell = (ended: ReadonlySet<string> | 'unknown') => {
    for (const listener of listeners) listener(ended)
  }
  const onEnded = (ids: readonly string[]) => {
    if (ids.length === 0) return
    beliefs.ended(ids)
    tell(new Set(ids))
  }
  const onMissed = () => {
    beliefs.forgetAll()
    tell('unknown')
  }
  const isBelieving = () => !beliefs.isEmpty
  const watch = createChangeWatch({ ...deps, isBelieving }, { onEnded, onMissed })
  const endings = createEndings(deps)
  const tickets = createTickets({ store, entropy, nowMs, idleMs })
  const onTouched = ({ tokenHash }: GuestSession) => beliefs.delete(tokenHash)
  const touches = createTouches({ ...deps, nowMs, idleMs, onTouched })
  const parts: Parts = { ...deps, idleMs, nowMs, beliefs, watch, touches }

  return {
    run: (signal) => watch.run(signal),
    async create(name) {
      const token = entropy.token(32)
      const person = { id: newUlid(clock.wallMs(), entropy), name }
      const record = newRecord(person, nowMs(), nowMs() + idleMs)
      const { generation } = beliefs
      const hash = hashToken(token)
      await createLeaf(store, hash, record)
      beliefs.set(hash, { ...sessionOf(hash, record), generation })
      return { token, person, expiresAt: record.expiresAt }
    },
    identify: (token, options) => identify(parts, token, options?.reads),
    lookAgain(token) {
      beliefs.delete(hashToken(token))
      return identify(parts, token)
    },
    standing(session) {
      if (beliefs.hasEnded(session.id) || isOver(session, nowMs())) return 'ended'
      if (session.generation !== beliefs.generation) return 'doubtful'
      // While the store is away nothing can be bid, and nobody is sent away for that.
      const isBehind = !watch.isCurrent && store.session.state === 'serving'
      return isBehind ? 'doubtful' : 'stands'
    },
    async end({ id, root, tokenHash }) {
      const leaves = [root, tokenHash].map((hash) => keys.session(hash))
      await endings.end({ sessionId: id, leaves: [...new Set(leaves)] })
      onEnded([id])
    },
    pageToken: (session, token) => pageToken(parts, session, token),
    issueTicket: (session) => tickets.issue(session),
    async redeem(ticket): Promise<NewSession | undefined> {
      const redeemed = await tickets.redeem(ticket)
      if (redeemed === undefined) return undefined
      const { token, record } = redeemed
      return { token, person: personOf(record), expiresAt: record.expiresAt }
    },
    onEnded(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

async function identify(
  parts: Parts,
  token: string,
  reads: Reads = 'fresh',
): Promise<GuestSession | undefined> {
  const { store, beliefs, watch, touches, nowMs } = parts
  const hash = hashToken(token)
  for (let tries = 0; tries < readsMax; tries++) {
    if (!watch.isCurrent && store.session.state === 'serving') await watch.catchUp()
    const believed = beliefs.get(hash)
    if (believed !== undefined) {
      if (isOver(believed, nowMs())) return undefined
      touches.touch(believed)
      return believed
    }
    if (reads === 'none') return undefined
    const { generation } = beliefs
    const read = await readSession(store, hash, { idleMs: parts.idleMs, reads })
    if (read === undefined) return undefined
    if (generation !== beliefs.generation) continue
    const session: GuestSession = { ...read, generation }
    // It may have ended while its leaf was on its way.
    if (beliefs.hasEnded(session.id) || isOver(session, nowMs())) return undefined
    beliefs.set(hash, session)
    touches.touch(session)
    return session
  }
  throw new Suspended('too many sessions end just now to tell whose this is')
}

/**
 * Made of the token that is shown, so that a page which is loaded often leaves one leaf; that token cannot be made of it. It
 * ends by itself, however much it is used.
 */
async function pageToken(parts: Parts, session: GuestSession, shown: string) {
  const { store, nowMs } = parts
  const span = Math.floor(nowMs() / pageSpanMs)
  const token = createHmac('sha256', shown).update(`page ${span}`).digest('base64url')
  const expiresAt = Math.min((span + 2) * pageSpanMs, session.expiresAt)
  const record: SessionRecord = {
    ...newRecord(session.person, nowMs(), expiresAt),
    of: session.root,
    fixed: true,
  }
  const hash = hashToken(token)
  if ((await store.get(keys.session(hash))) === undefined) await createLeaf(store, hash, record)
  return { token, expiresAt }
}

/** Nobody else makes this key otherwise: the same commit again either creates it or finds it there. */
async function createLeaf(store: Store, hash: string, record: SessionRecord): Promise<void> {
  const create = { kind: 'create', key: keys.session(hash), value: encodeJson(record) } as const
  const commit = { guards: [], writes: [create] }
  try {
    await store.commit(commit)
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    await store.commit(commit)
  }
}

const personOf = ({ id, name }: SessionRecord) => ({ id, name })
