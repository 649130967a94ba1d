import { createNodeClient } from '../../../src/client/node.ts'
import type { NodeProcess } from '../node-process.ts'

/** A WebSocket client of one node, which notes what that node pushes of the store's state. */
export interface Onlooker {
  readonly nodeId: string
  readonly isPaused: boolean
  /** From each "paused" to its "resumed", on the recorder's clock; Infinity while it lasts. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number }[]
  leave(): void
}

export async function startOnlooker(
  node: NodeProcess,
  auctionId: string,
  now: () => number,
): Promise<Onlooker> {
  const client = createNodeClient({ urls: [node.url] })
  const { connection } = client
  const pauses: { fromMs: number; toMs: number }[] = []
  const isPaused = () => connection.state === 'live' && connection.paused !== undefined
  connection.onChange(() => {
    const last = pauses.at(-1)
    const isNoted = last?.toMs === Infinity
    if (isPaused() && !isNoted) pauses.push({ fromMs: now(), toMs: Infinity })
    if (!isPaused() && isNoted) last.toMs = now()
  })
  await new Promise<void>((resolve) => {
    client.watch(auctionId, () => resolve())
  })
  return {
    nodeId: node.nodeId,
    get isPaused() {
      return isPaused()
    },
    pauses,
    leave: () => client.close(),
  }
}
