import { must } from '../../lib/assert.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Commit, CommitResult, Session } from '../store.ts'
import { type CallKind, createLink, type Link, type Travel } from './link.ts'
import { createMemoryServer, type MemoryServer } from './server.ts'

/** What was asked of the store so far, by all clients together; calls that never arrived are not counted. */
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
  /**
   * Time on the way of each call or ring; undefined (the default) takes none. `Infinity` loses a request or a reply; a
   * request that outlasts its caller's deadline is carried out late. Calls may overtake each other.
   */
  latency: ((kind: CallKind, session: Session) => Travel) | undefined
  /** How old plain reads are, in milliseconds; undefined (the default): not at all. Set it before the first commit. */
  staleness: ((session: Session) => number) | undefined
  /** Every commit that creates or puts is refused, as by a store without room. */
  isFull: boolean
  /** Ends a session at the server; its client learns it from the next answer. */
  expire(session: Session): void
  /** The client's link goes black: connections stay, nothing passes. */
  silence(session: Session): void
  /** Everything that was stuck arrives. Takes any session that this client ever had, as the other knobs do. */
  heal(session: Session): void
  /** The next commit of this client is applied and its answer lost. */
  dropReply(session: Session): void
  /** For openMemoryStore: one more client's link; `current` is its session in force. */
  connect(current: () => Session, clock: Clock): Link
  /** For openMemoryStore: the knobs find `link` by this session from now on. */
  name(sessionId: string, link: Link): void
}

export function createMemoryWorld(options: { clock: Clock; firstRevision?: bigint }): MemoryWorld {
  const links = new Map<string, Link>()
  const linkOf = (session: Session) => must(links.get(session.id), 'link of that session')
  const world: MemoryWorld = {
    server: createMemoryServer({
      clock: options.clock,
      firstRevision: options.firstRevision ?? 1n,
      keepsPast: () => world.staleness !== undefined,
    }),
    counts: noCounts(),
    latency: undefined,
    staleness: undefined,
    isFull: false,
    expire: (session) => world.server.sessions.end(session.id),
    silence: (session) => linkOf(session).silence(),
    heal: (session) => linkOf(session).heal(),
    dropReply: (session) => linkOf(session).dropReply(),
    connect: (current, clock) =>
      createLink({
        clock,
        wire: options.clock,
        travel: (kind) => world.latency?.(kind, current()),
      }),
    name(sessionId, link) {
      links.set(sessionId, link)
    },
  }
  return world
}

const noCounts = (): MemoryCounts => ({
  get: 0,
  freshGet: 0,
  list: 0,
  listedLeaves: 0,
  commit: 0,
  refused: 0,
  writes: 0,
  bytesWritten: 0,
  bytesRead: 0,
})

/** Adds one commit that arrived; undefined: it was asked of a session that is over. */
export function countCommit(
  counts: MemoryCounts,
  commit: Commit,
  result: CommitResult | undefined,
): void {
  counts.commit++
  if (result?.ok !== true) {
    counts.refused++
    return
  }
  counts.writes += commit.writes.length
  for (const write of commit.writes) {
    if (write.kind !== 'delete') counts.bytesWritten += write.value.byteLength
  }
}
