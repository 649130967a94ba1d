import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { clientOf, follow, stubCluster } from './stub-cluster.ts'
import type { StubNode } from './stub-node.ts'
import { epoch, eventsAfter, lotId, run, snapshotAt } from './wire-samples.ts'

const subscribes = (node: StubNode) => node.frames.filter((frame) => frame.type === 'subscribe')

async function live(seq = 2) {
  const [node] = (await stubCluster(1)) as [StubNode]
  node.onFrame = (frame, say) => {
    if (frame.type === 'subscribe' && frame.after === undefined) say(snapshotAt(seq))
  }
  const client = clientOf([node.url])
  const followed = follow(client)
  await eventually(() => followed.seqs().length === seq)
  return { node, client, ...followed }
}

describe('a watch', () => {
  test('is not told twice what came twice', async () => {
    const { node, seqs } = await live()
    node.say(eventsAfter(2, 3))
    node.say(eventsAfter(2, 3))
    node.say(eventsAfter(1, 4))
    await eventually(() => seqs().includes(4))
    expect(seqs()).toEqual([1, 2, 3, 4])
  })

  test('with a gap subscribes again from its last event, and misses nothing', async () => {
    const { node, seqs, watch } = await live()
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe') say(eventsAfter(frame.after?.seq ?? 0, 6))
    }
    node.say(eventsAfter(4, 5))
    await eventually(() => seqs().includes(6))
    expect(seqs()).toEqual([1, 2, 3, 4, 5, 6])
    expect(subscribes(node).at(-1)).toMatchObject({ after: { epoch, seq: 2 } })
    expect(watch.position).toEqual({ epoch, seq: 6 })
  })

  test('with one gap after the other asks for a snapshot', async () => {
    const { node, updates } = await live()
    node.onFrame = (frame, say) => {
      if (frame.type !== 'subscribe') return
      say(frame.after === undefined ? snapshotAt(9, run(8, 9)) : eventsAfter(7, 9))
    }
    node.say(eventsAfter(7, 8))
    await eventually(() => updates.at(-1)?.seq === 9)
    expect(updates.at(-1)).toMatchObject({ jump: { reason: 'behind', missedCount: 5 } })
  })

  test('that only ever gets gaps does not hammer the node', async () => {
    const { node } = await live()
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe') say(eventsAfter(50, 51))
    }
    node.say(eventsAfter(50, 51))
    await eventually(() => subscribes(node).length === 4)
    for (let turn = 0; turn < 10; turn++) await fetch(`${node.url}/api/v1/time`)
    expect(subscribes(node)).toHaveLength(4)
  })

  test('that joins and leaves at once is told nothing', async () => {
    const { node, client, seqs } = await live()
    const told: number[] = []
    client.watch(lotId, ({ seq }) => told.push(seq)).end()
    node.say(eventsAfter(2, 3))
    await eventually(() => seqs().includes(3))
    expect(told).toEqual([])
  })

  test('of an auction that was restored is told that it jumped', async () => {
    const { node, updates } = await live()
    node.say(snapshotAt(1, run(1, 1), { epoch: 'e2' }))
    await eventually(() => updates.length === 2)
    expect(updates[1]).toMatchObject({
      epoch: 'e2',
      prevSeq: 2,
      jump: { reason: 'other-history', fromEpoch: epoch },
    })
  })

  test('resumes from a position of an earlier program', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe') say(eventsAfter(frame.after?.seq ?? 0, 5))
    }
    const { seqs } = follow(clientOf([node.url]), { after: { epoch, seq: 3 } })
    await eventually(() => seqs().length === 2)
    expect(seqs()).toEqual([4, 5])
  })

  test('that joins another of the same auction begins with what is known', async () => {
    const { node, client } = await live()
    node.say(eventsAfter(2, 3))
    const second = follow(client)
    await eventually(() => second.seqs().includes(3))
    node.say(eventsAfter(3, 4))
    await eventually(() => second.seqs().includes(4))
    expect(second.seqs()).toEqual([1, 2, 3, 4])
    expect(subscribes(node)).toHaveLength(1)
    second.watch.end()
    expect(node.frames.some((frame) => frame.type === 'unsubscribe')).toBe(false)
  })

  test('that has ended is told nothing more, and the node is told so', async () => {
    const { node, watch, seqs } = await live()
    watch.end()
    await eventually(() => node.frames.some((frame) => frame.type === 'unsubscribe'))
    node.say(eventsAfter(2, 3))
    node.say({ type: 'presence', auctionId: lotId, watchers: 1 })
    expect(seqs()).toEqual([1, 2])
  })

  test('is told how many watch', async () => {
    const { node, client } = await live()
    const counts: number[] = []
    client.watch(lotId, () => undefined, { onPresence: (count) => counts.push(count) })
    node.say({ type: 'presence', auctionId: lotId, watchers: 12 })
    await eventually(() => counts.includes(12))
  })

  test('of what no node has ends with the reason', async () => {
    const { node, client } = await live()
    const missing = '01JD0000000000000000000009'
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe' && frame.auctionId === missing)
        say({ type: 'error', code: 'no-such-auction', message: 'no', auctionId: missing })
    }
    const ended: string[] = []
    client.watch(missing, () => undefined, { onEnd: (reason) => ended.push(reason) })
    await eventually(() => ended.length === 1)
  })

  test('costs others nothing when its listener throws', async () => {
    const { node, client, seqs } = await live()
    client.watch(lotId, () => {
      throw new Error('a bug in a page')
    })
    node.say(eventsAfter(2, 3))
    await eventually(() => seqs().includes(3))
  })
})

test('a subscribe that stays without an answer is sent again', async () => {
  const clock = createManualClock()
  const [node] = (await stubCluster(1)) as [StubNode]
  const client = clientOf([node.url], { clock })
  const { seqs } = follow(client)
  await eventually(() => subscribes(node).length === 1)
  node.onFrame = (frame, say) => {
    if (frame.type === 'subscribe') say(snapshotAt(1))
  }
  await eventually(async () => {
    await clock.advance(1_000)
    return seqs().length === 1
  })
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(10_000)
})
