import { afterEach } from 'vitest'
import { WebSocket } from 'ws'
import type { Client, ClientLimits, FeedUpdate, Move } from '../../src/client/client.ts'
import { createClient } from '../../src/client/create-client.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { startStubNode, type StubNode } from './stub-node.ts'
import { lotId } from './wire-samples.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** So many nodes that know of each other; stopped after the test. */
export async function stubCluster(count: number): Promise<StubNode[]> {
  const names = Array.from({ length: count }, (_, index) => `n${index + 1}`)
  const nodes = await Promise.all(names.map(startStubNode))
  const members = nodes.map(({ nodeId, url }) => ({ nodeId, url }))
  for (const node of nodes) {
    undo.push(() => node.kill())
    node.onRequest = () => ({ body: { node: node.nodeId, members } })
  }
  return nodes
}

export function clientOf(
  urls: readonly string[],
  options: { clock?: Clock; token?: string; limits?: Partial<ClientLimits> } = {},
): Client {
  const client = createClient({
    urls,
    fetch,
    WebSocket,
    clock: systemClock,
    entropy: seededEntropy(5),
    ...options,
  })
  undo.push(() => client.close())
  return client
}

/** Watches the sample lot and keeps what was told. */
export function follow(client: Client, options?: Parameters<Client['watch']>[2]) {
  const updates: FeedUpdate[] = []
  const watch = client.watch(lotId, (update) => updates.push(update), options)
  const seqs = () => updates.flatMap((update) => update.events.map((event) => event.seq))
  return { watch, updates, seqs }
}

export function movesOf(client: Client): Move[] {
  const moves: Move[] = []
  client.connection.onMoved((move) => moves.push(move))
  return moves
}
