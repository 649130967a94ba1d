import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import { say } from '../words/say.ts'

/** The link to the cluster as the page tells it. */
export interface ConnectionView {
  readonly state: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'paused'
  readonly nodeId: string | undefined
  /** The node that we were on before, when we moved to another one. */
  readonly movedFrom: string | undefined
  readonly pausedWhy: string | undefined
}

export function followConnection(client: Client): ReadonlySignal<ConnectionView> {
  const { connection } = client
  let movedFrom: string | undefined
  const look = (): ConnectionView => ({
    state:
      connection.state === 'live' && connection.paused !== undefined ? 'paused' : connection.state,
    nodeId: connection.nodeId,
    movedFrom,
    pausedWhy: connection.paused,
  })
  const view = signal(look())
  connection.onChange(() => (view.value = look()))
  connection.onMoved((move) => {
    if (move.from.nodeId !== move.to.nodeId) movedFrom = move.from.nodeId ?? move.from.url
    view.value = look()
  })
  return view
}

/** Two parts: the state in a word, and what belongs to it. */
export function connectionInWords(view: ConnectionView): { word: string; detail: string } {
  const node = view.nodeId ?? ''
  const place =
    view.movedFrom === undefined ? say('onNode', { node }) : say('movedToNode', { node })
  switch (view.state) {
    case 'idle':
      return { word: say('notConnected'), detail: '' }
    case 'connecting':
      return { word: say('connecting'), detail: '' }
    case 'live':
      return { word: say('live'), detail: node === '' ? '' : place }
    case 'reconnecting':
      return { word: say('reconnecting'), detail: node === '' ? '' : say('lostNode', { node }) }
    case 'paused':
      return { word: say('paused'), detail: node === '' ? '' : place }
  }
}
