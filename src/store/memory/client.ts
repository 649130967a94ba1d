import type { Clock } from '../../lib/clock.ts'
import { OutcomeUnknown, Suspended } from '../errors.ts'
import type { OpenOptions } from '../open-options.ts'
import type { CallOptions, Session } from '../store.ts'
import type { CallKind, Link } from './link.ts'
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts'
import { createTurns } from './turns.ts'
import type { MemoryWorld } from './world.ts'

/** One client of the world: its link, its session, and how it asks. */
export interface MemoryClient {
  readonly clock: Clock
  readonly link: Link
  readonly keeper: SessionKeeper
  /** Carries `run` to the server, unless we do not serve, and its value back, unless the deadline passes. */
  ask<T>(kind: CallKind, options: CallOptions, run: (session: Session) => T): Promise<T>
}

export function createMemoryClient(options: OpenOptions, world: MemoryWorld): MemoryClient {
  const { clock, sessionTimeoutMs } = options
  const { sessions } = world.server
  const link: Link = world.connect(() => keeper.session, clock)
  const keeper: SessionKeeper = createSessionKeeper({
    ...options,
    sessions,
    link,
    timeoutMs: sessionTimeoutMs,
    onOpened: (id) => world.name(id, link),
  })
  const turns = createTurns()
  return {
    clock,
    link,
    keeper,
    async ask(kind, callOptions, run) {
      // With latency each call waits for a timer of the world's, and the event loop turns by itself.
      const turn = world.latency === undefined ? turns.take() : undefined
      if (turn !== undefined) await turn
      const session = keeper.current()
      if (session.state !== 'serving') throw new Suspended()
      const sentMs = clock.monotonicMs()
      const [isAlive, value] = await link.call({
        kind,
        run: () => [sessions.touch(session.id), run(session)] as const,
        unanswered: () => (kind === 'commit' ? new OutcomeUnknown() : new Suspended()),
        deadlineMs: callOptions.deadlineMs ?? sessionTimeoutMs / 3,
        signal: callOptions.signal,
      })
      keeper.heard(session, sentMs, isAlive)
      return value
    },
  }
}
