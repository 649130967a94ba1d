import { computed, signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import { say } from '../words/say.ts'

/** The link to the cluster as the page tells it. */
export interface ConnectionView {
  readonly state: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'paused' | 'offline'
  readonly nodeId: string | undefined
  /** The node that we were on before, when we moved to another one. */
  readonly movedFrom: string | undefined
  /** After a move: the place in the journal from which it goes on, once the new node has confirmed it. */
  readonly resumedSeq: number | undefined
  readonly pausedWhy: string | undefined
  /** A question stays unanswered. */
  readonly isQuiet: boolean
}

export interface FollowedConnection {
  readonly view: ReadonlySignal<ConnectionView>
  /** A node has confirmed that a feed goes on at this place without a gap. */
  resumed(seq: number): void
}

/** The parts of `window` and `navigator` that tell of the network. */
export interface NetworkEvents {
  isOnline(): boolean
  onChange(listener: () => void): void
}

export function followConnection(client: Client, network: NetworkEvents): FollowedConnection {
  const { connection } = client
  let movedFrom: string | undefined
  let resumedSeq: number | undefined
  const look = (): ConnectionView => ({
    state: network.isOnline() ? stateOf(client) : 'offline',
    nodeId: connection.nodeId,
    movedFrom,
    resumedSeq,
    pausedWhy: connection.paused,
    isQuiet: connection.isQuiet,
  })
  const seen = signal(look())
  const see = () => (seen.value = look())
  connection.onChange(see)
  connection.onMoved((move) => {
    if (move.from.nodeId !== move.to.nodeId) movedFrom = move.from.nodeId ?? move.from.url
    resumedSeq = undefined
    see()
  })
  network.onChange(() => {
    see()
    if (network.isOnline()) connection.retryNow()
  })
  return {
    view: computed(() => seen.value),
    resumed(seq) {
      resumedSeq = seq
      see()
    },
  }
}

function stateOf({ connection }: Client): ConnectionView['state'] {
  return connection.state === 'live' && connection.paused !== undefined
    ? 'paused'
    : connection.state
}

/** Two parts: the state in a word, and what belongs to it. */
export function connectionInWords(view: ConnectionView): { word: string; detail: string } {
  const node = view.nodeId ?? ''
  const lost = node === '' ? '' : say('lostNode', { node })
  switch (view.state) {
    case 'idle':
      return { word: say('notConnected'), detail: '' }
    case 'connecting':
      return { word: say('connecting'), detail: '' }
    case 'live':
      if (view.isQuiet) return { word: say('waitingForNode', { node }), detail: '' }
      return { word: say('live'), detail: placeOf(view, node) }
    case 'reconnecting':
      return { word: say('reconnecting'), detail: lost }
    case 'offline':
      return { word: say('offline'), detail: say('offlineDetail') }
    case 'paused':
      return { word: say('paused'), detail: say('timeIsKept') }
  }
}

function placeOf(view: ConnectionView, node: string): string {
  if (node === '') return ''
  if (view.movedFrom === undefined) return say('onNode', { node })
  return view.resumedSeq === undefined
    ? say('movedToNode', { node })
    : say('movedNothingMissed', { node, seq: view.resumedSeq })
}
