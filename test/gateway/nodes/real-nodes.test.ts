import { afterEach, expect, it } from 'vitest'
import { createNodePasses } from '../../../src/engine/node-passes.ts'
import { systemEntropy } from '../../../src/lib/entropy.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { defaultNodeConfig, type NodeConfig } from '../../../src/node/config.ts'
import { type RunningNode, startNode } from '../../../src/node/start-node.ts'
import { createMemoryWorld } from '../../../src/store/memory/world.ts'
import type { Store } from '../../../src/store/store.ts'
import { eventually } from '../../support/eventually.ts'
import { bidsOf, startAsker } from './link-room.ts'

const memoryWorld = createMemoryWorld({ clock: systemClock })
const nodes: RunningNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())))

async function start(nodeId: string, over: Partial<NodeConfig> = {}) {
  let store: Store | undefined
  const config = { ...defaultNodeConfig, port: 0, store: 'memory:', logLevel: 'silent' as const }
  const parts = { memoryWorld, wrapStore: (opened: Store) => (store = opened) }
  const node = await startNode({ ...config, nodeId, ...over }, parts)
  nodes.push(node)
  return { store: store!, address: { nodeId, url: node.url, sessionId: store!.session.id } }
}

const askerOf = ({ store }: { store: Store }) => {
  const passes = createNodePasses({
    ...{ store, entropy: systemEntropy, clock: systemClock },
    time: { now: () => systemClock.wallMs() },
  })
  return startAsker({ pass: (to, from) => passes.pass({ to, from }) })
}

it('a node of the same store is let in, and its bids are decided under the key that it names or not at all', async () => {
  const [ours, theirs] = [await start('n1'), await start('n2')]
  const asker = askerOf(ours)
  const forwarded = await eventually(async () => {
    const now = await asker.links.forward(theirs.address, bidsOf(1, 2), 5_000)
    return now.kind === 'answered' ? now : undefined
  })
  expect(forwarded).toEqual({ kind: 'answered', answers: [null, null] })
  asker.links.close()
})

it('a node that was told not to forward lets nobody in', async () => {
  const [ours, theirs] = [await start('n1'), await start('n2', { forwardBids: false })]
  const asker = askerOf(ours)
  expect(await asker.links.forward(theirs.address, bidsOf(1), 5_000)).toEqual({ kind: 'not-sent' })
  await eventually(() => asker.logged.length === 1)
  expect(asker.logged[0]).toMatchObject({
    fields: { why: expect.stringContaining('404') as string },
  })
  asker.links.close()
})
