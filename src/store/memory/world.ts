import type { Clock } from '../../lib/clock.ts'
import { must } from '../../lib/assert.ts'
import type { Session } from '../store.ts'
import { type CallKind, createLink, type Link, type Travel } from './link.ts'
import { createMemoryServer, type MemoryServer } from './server.ts'

/** What was asked of the store so far, by all clients; calls that never arrived are not counted. */
export interface MemoryCounts {
  get: number
  freshGet: number
  list: number
  listedLeaves: number
  commit: number
  refused: number
  writes: number
  bytesWritten: number
  bytesRead: number
}

/** The truth that the stores of one process share, and the knobs with which a test makes their life hard. */
export interface MemoryWorld {
  readonly server: MemoryServer
  readonly counts: MemoryCounts
  /** Time on the way of each call; undefined (the default) answers at once. `Infinity` loses a request or a reply. */
  latency: ((kind: CallKind, session: Session) => Travel) | undefined
  /** Ends a session at the server; its client learns it from the next answer. */
  expire(session: Session): void
  /** The client's link goes black: connections stay, nothing passes. */
  silence(session: Session): void
  /** Everything that was stuck arrives. Takes any session that this client ever had. */
  heal(session: Session): void
  /** The next commit of this client is applied and its answer lost. */
  dropReply(session: Session): void
  /** For openMemoryStore: a client's link. `current` is its session in force. */
  connect(current: () => Session, clock: Clock): Link
  /** For openMemoryStore: the knobs find `link` by the session's id from now on. */
  name(sessionId: string, link: Link): void
}

export function createMemoryWorld(options: { clock: Clock; firstRevision?: bigint }): MemoryWorld {
  const links = new Map<string, Link>()
  const linkOf = (session: Session) => must(links.get(session.id), 'link of that session')
  const world: MemoryWorld = {
    server: createMemoryServer(options.clock, options.firstRevision ?? 1n),
    counts: {
      get: 0,
      freshGet: 0,
      list: 0,
      listedLeaves: 0,
      commit: 0,
      refused: 0,
      writes: 0,
      bytesWritten: 0,
      bytesRead: 0,
    },
    latency: undefined,
    expire: (session) => world.server.endSession(session.id),
    silence: (session) => linkOf(session).silence(),
    heal: (session) => linkOf(session).heal(),
    dropReply: (session) => linkOf(session).dropReply(),
    connect: (current, clock) =>
      createLink({ clock, travel: (kind) => world.latency?.(kind, current()) }),
    name: (sessionId, link) => links.set(sessionId, link),
  }
  return world
}
