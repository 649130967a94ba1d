import { describe, expect, it } from 'vitest'
import { newsOf } from '../../frontend/src/state/cluster-story.ts'
import { createClusterStory, lanesOf } from '../../frontend/src/state/follow-cluster.ts'
import type { ClusterJson } from '../../src/protocol/http.ts'
import { createManualClock } from '../support/manual-clock.ts'

const member = (nodeId: string, pid = 1, ready = true) => ({
  nodeId,
  url: `http://${nodeId}`,
  pid,
  version: '0.1.0',
  ready,
  clockOffsetMs: 0,
})
const cluster = (over: Partial<ClusterJson> = {}): ClusterJson => ({
  node: 'n1',
  leader: { nodeId: 'n1', term: 7 },
  members: [member('n1'), member('n2'), member('n3')],
  store: { kind: 'memory', state: 'serving', servers: [], watchCount: 0, ephemeralCount: 0 },
  locks: [{ auctionId: 'lot', nodeId: 'n1', waiters: [] }],
  ...over,
})
const withoutFirst = { members: [member('n2'), member('n3')] }

describe('the story of a cluster', () => {
  it('tells of nodes, leader, store and locks what changed between two looks', () => {
    expect(newsOf(cluster(), cluster())).toEqual([])
    const killed = cluster({
      ...withoutFirst,
      leader: null,
      locks: [{ auctionId: 'lot', nodeId: 'n3', waiters: [] }],
    })
    expect(newsOf(cluster(), killed)).toEqual([
      { kind: 'node-gone', node: 'n1' },
      { kind: 'leader-gone', node: 'n1' },
      { kind: 'lock-taken', auctionId: 'lot', from: 'n1', to: 'n3' },
    ])
    const back = cluster({ members: [member('n1', 2), member('n2', 1, false), member('n3')] })
    expect(newsOf(killed, back).map(({ kind }) => kind)).toEqual([
      'node-came',
      'node-not-ready',
      'leader-new',
      'lock-moved',
    ])
    const store = { ...cluster().store, state: 'suspended' as const }
    expect(newsOf(cluster(), cluster({ store }))).toEqual([{ kind: 'store', state: 'suspended' }])
  })

  it('measures how long nobody led', async () => {
    const clock = createManualClock()
    const story = createClusterStory(clock)
    story.add(cluster())
    await clock.advance(1_000)
    story.add(cluster({ ...withoutFirst, leader: null }))
    await clock.advance(3_000)
    story.add(cluster({ ...withoutFirst, leader: { nodeId: 'n2', term: 8 } }))
    expect(story.told.value[0]).toMatchObject({
      news: { kind: 'leader-new', node: 'n2', term: 8 },
      gapMs: 3_000,
    })
  })

  it('draws a lane for each node, also for one that is gone', async () => {
    const clock = createManualClock(0)
    const story = createClusterStory(clock)
    for (const over of [{}, {}, { ...withoutFirst, leader: { nodeId: 'n2', term: 8 } }]) {
      story.add(cluster(over))
      await clock.advance(1_000)
    }
    const lanes = lanesOf(story.looks.value)
    expect([...lanes.keys()]).toEqual(['n1', 'n2', 'n3'])
    expect(lanes.get('n1')?.map(({ state, fromMs, untilMs }) => [state, fromMs, untilMs])).toEqual([
      ['leads', 0, 2_000],
      ['gone', 2_000, 2_000],
    ])
    expect(lanes.get('n2')?.map(({ state }) => state)).toEqual(['ready', 'leads'])
  })
})
