import type { Clock } from '../lib/clock.ts'
import type { Welcome } from '../protocol/down.ts'
import type { Connection, Move } from './client.ts'

export type ConnectionFacts = Pick<
  Connection,
  'state' | 'nodeId' | 'url' | 'user' | 'paused' | 'isQuiet' | 'isSignInNeeded'
>

/** What the connection shows to the outside, and who is told when it changes. */
export interface ConnectionStatus extends Pick<Connection, 'onChange' | 'onMoved'> {
  readonly facts: ConnectionFacts
  connecting(): void
  live(url: string, welcome: Welcome): void
  lost(isSignInNeeded: boolean): void
  paused(reason: string | undefined): void
  quiet(isQuiet: boolean): void
  signInTried(): void
  idle(): void
}

export function createConnectionStatus(
  clock: Clock,
  positions: () => Move['resumed'],
): ConnectionStatus {
  const changeListeners = new Set<() => void>()
  const moveListeners = new Set<(move: Move) => void>()
  let facts = nothingYet
  /** The socket that was live last, until another is. */
  let lost: { nodeId: string | undefined; url: string; atMs: number } | undefined

  function change(changes: Partial<ConnectionFacts>): void {
    const changed = { ...facts, ...changes }
    const names = Object.keys(changes) as (keyof ConnectionFacts)[]
    if (names.every((name) => facts[name] === changed[name])) return
    facts = changed
    for (const listener of [...changeListeners]) listener()
  }
  return {
    get facts() {
      return facts
    },
    onChange: (listener) => join(changeListeners, listener),
    onMoved: (listener) => join(moveListeners, listener),
    connecting: () => change({ state: lost === undefined ? 'connecting' : 'reconnecting' }),
    live(url, welcome) {
      const from = lost
      lost = undefined
      const { nodeId, user } = welcome
      change({ state: 'live', nodeId, url, user, isQuiet: false, isSignInNeeded: false })
      if (from === undefined) return
      const gapMs = clock.monotonicMs() - from.atMs
      const move = { from, to: { nodeId, url }, resumed: positions(), gapMs }
      for (const listener of [...moveListeners]) listener(move)
    },
    lost(isSignInNeeded) {
      const { state, nodeId, url } = facts
      if (state === 'live' && url !== undefined) lost = { nodeId, url, atMs: clock.monotonicMs() }
      const next = lost === undefined ? 'connecting' : 'reconnecting'
      change({ state: next, paused: undefined, isQuiet: false, isSignInNeeded })
    },
    paused: (reason) => change({ paused: reason }),
    quiet: (isQuiet) => change({ isQuiet }),
    signInTried: () => change({ isSignInNeeded: false }),
    idle() {
      lost = undefined
      change({ state: 'idle', user: undefined, paused: undefined, isQuiet: false })
    },
  }
}

const nothingYet: ConnectionFacts = {
  state: 'idle',
  nodeId: undefined,
  url: undefined,
  user: undefined,
  paused: undefined,
  isQuiet: false,
  isSignInNeeded: false,
}

function join<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
