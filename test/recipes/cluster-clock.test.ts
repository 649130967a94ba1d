import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import type { BeaconGap } from '../../src/recipes/beacon-keeper.ts'
import { beaconWrite, readBeacon } from '../../src/recipes/beacon.ts'
import { createElection } from '../../src/recipes/election.ts'
import { Suspended } from '../../src/store/errors.ts'
import { settle } from '../support/manual-clock.ts'
import { createClockNode, createClocks, followAll } from './clock-node.ts'
import { pend, timeUntil } from './room.ts'

test('a node alone on an empty store knows the time as soon as it leads', async () => {
  const { nodes, clock } = await createClocks(1)
  const [node] = [nodes[0]!]
  expect(node.cluster.now()).toBeUndefined()
  expect(node.cluster.errorMs()).toBe(Infinity)
  void node.lead()
  await settle()
  expect(clock.monotonicMs()).toBe(0)
  expect(node.cluster.now()).toBe(clock.wallMs())
  expect(node.coldGap).toBeUndefined()
  await clock.advance(10_000)
  expect(node.cluster.now()).toBe(clock.wallMs())
})

test('followers settle within a second and agree with the leader, whatever their wall clocks say', async () => {
  const { nodes, clock } = await createClocks(3, [0, 3_600_000, -50_000])
  void nodes[1]!.lead()
  await settle()
  expect(nodes[0]!.cluster.isSettled).toBe(false)
  const tookMs = await timeUntil(clock, () => nodes.every(({ cluster }) => cluster.isSettled))
  expect(tookMs).toBeLessThan(1_000)
  const leaderMs = must(nodes[1]!.cluster.now(), 'time')
  for (const { cluster } of nodes) expect(cluster.now()).toBe(leaderMs)
  expect(leaderMs - clock.wallMs()).toBe(0) // the median of three
  expect(nodes[2]!.cluster.offsetMs()).toBe(50_000)
  expect(nodes[2]!.cluster.errorMs()).toBeLessThan(1)
})

test('what stood in the store before a node came is no sample', async () => {
  const { nodes, clock, nodes: all } = await createClocks(2)
  const stop = new AbortController()
  const ended = pend(nodes[0]!.lead(stop.signal))
  await clock.advance(100)
  stop.abort()
  await settle()
  expect(ended.value).toBe('aborted')
  await clock.advance(60_000)
  const late = createClockNode(all[1]!, all)
  await followAll([late])
  await clock.advance(60_000)
  expect(late.cluster.now()).toBeUndefined()
  expect(late.cluster.lastBeaconAt()).toBeDefined()
})

test('a node that comes later hears three new beacons before it is settled', async () => {
  const { nodes, clock, nodes: all } = await createClocks(2)
  void nodes[0]!.lead()
  await clock.advance(10_500)
  const late = createClockNode(all[1]!, all)
  await followAll([late])
  const tookMs = await timeUntil(clock, () => late.cluster.isSettled, 5_000)
  expect(tookMs).toBeGreaterThan(2_000)
  expect(tookMs).toBeLessThanOrEqual(3_100)
})

test('of delayed beacons the least delayed counts', async () => {
  const { nodes, clock, world } = await createClocks(2)
  let beaconCount = 0
  const { session } = nodes[1]!.store
  world.latency = (kind, of) => {
    const isDelayed = kind === 'get' && of === session && ++beaconCount % 3 !== 0
    return { requestMs: 0, replyMs: isDelayed ? 400 : 0 }
  }
  void nodes[0]!.lead()
  await clock.advance(20_000)
  const errorMs = must(nodes[1]!.cluster.now(), 'time') - must(nodes[0]!.cluster.now(), 'time')
  expect(Math.abs(errorMs)).toBeLessThanOrEqual(2)
})

test('an offset that was settled late is slewed, not stepped, when better beacons come', async () => {
  const { nodes, clock, world } = await createClocks(2)
  const { session } = nodes[1]!.store
  let delayMs = 80
  world.latency = (kind, of) => ({
    requestMs: 0,
    replyMs: kind === 'get' && of === session ? delayMs : 0,
  })
  void nodes[0]!.lead()
  await clock.advance(10_000)
  const behind = () => must(nodes[0]!.cluster.now(), 'time') - must(nodes[1]!.cluster.now(), 'time')
  expect(behind()).toBeGreaterThanOrEqual(79)
  delayMs = 0
  await clock.advance(2_000)
  const startMs = behind()
  await clock.advance(60_000)
  expect(startMs - behind()).toBeGreaterThan(28)
  expect(startMs - behind()).toBeLessThanOrEqual(31) // 500 ppm of a minute
})

test('a new leader goes on from the last beacon and its own estimate', async () => {
  const { nodes, clock } = await createClocks(3, [0, 10_000_000, 20_000_000])
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const beforeMs = must(nodes[2]!.cluster.now(), 'time')
  stop.abort()
  void nodes[1]!.lead()
  await clock.advance(5_000)
  expect(must(nodes[2]!.cluster.now(), 'time') - beforeMs).toBe(5_000)
  expect(nodes[1]!.coldGap).toBeUndefined()
})

test('after a cold start time goes on at the members’ median, and the gap is known', async () => {
  const { nodes, clock, nodes: all } = await createClocks(3)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const { beacon } = await readBeacon(nodes[0]!.store)
  stop.abort()
  await clock.advance(120_000)
  const reborn = createClockNode(all[1]!, all)
  void reborn.lead()
  await settle()
  expect(reborn.cluster.now()).toBe(clock.wallMs())
  expect(reborn.coldGap).toEqual({ from: beacon?.timeMs, to: clock.wallMs(), isCold: true })
})

test('a cold start writes no beacon before its gap is kept', async () => {
  const { nodes, clock } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  stop.abort()
  await clock.advance(30_000)
  const before = await readBeacon(nodes[0]!.store)
  const election = createElection({ ...nodes[1]!.deps, dir: 'leader' })
  const leadership = await election.campaign(new AbortController().signal)
  const reborn = createClockNode(nodes[1]!, nodes)
  const gaps: BeaconGap[] = []
  void reborn.cluster.lead(leadership, new AbortController().signal, {
    medianWallMs: async () => clock.wallMs(),
    onGap: async (gap) => {
      gaps.push(gap)
      if (gaps.length < 3) throw new Suspended()
    },
  })
  await clock.advance(300)
  expect(gaps).toHaveLength(2)
  expect(await readBeacon(nodes[0]!.store)).toEqual(before)
  expect(reborn.cluster.now()).toBeUndefined()
  await clock.advance(1_000)
  expect(gaps).toHaveLength(3)
  expect(gaps.map(({ from }) => from)).toEqual(Array(3).fill(before.beacon?.timeMs))
  expect(reborn.cluster.now()).toBe(clock.wallMs())
})

test('a cold start with wall clocks behind goes on at the last beacon', async () => {
  const { nodes, clock } = await createClocks(1)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const { beacon } = await readBeacon(nodes[0]!.store)
  stop.abort()
  await settle()
  nodes[0]!.clock.jumpWall(-86_400_000)
  const reborn = createClockNode(nodes[0]!, nodes)
  void reborn.lead()
  await settle()
  expect(reborn.cluster.now()).toBe(beacon?.timeMs)
  expect(reborn.coldGap).toBeUndefined()
})

test('a dead leader’s last beacon that comes late is no time to lead with', async () => {
  const { nodes, clock } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const last = must((await readBeacon(nodes[0]!.store)).beacon, 'beacon')
  stop.abort()
  await clock.advance(1_000)
  const young = createClockNode(nodes[1]!, nodes)
  await followAll([young])
  await clock.advance(8_000)
  const late = { term: last.term, timeMs: last.timeMs + 1_000 }
  const { guards, write } = beaconWrite(await readBeacon(young.store), late)
  await young.store.commit({ guards, writes: [write] })
  await clock.advance(100)
  expect(young.cluster.now()).toBeUndefined()
  void young.lead()
  await settle()
  expect(young.cluster.now()).toBe(clock.wallMs())
  expect(young.coldGap).toEqual({ from: late.timeMs, to: clock.wallMs(), isCold: true })
})

test('a dead leader’s last beacon that comes in time is enough to go on with: nothing was down', async () => {
  const { nodes, clock } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const young = createClockNode(nodes[1]!, nodes)
  await followAll([young])
  await clock.advance(1_300)
  stop.abort()
  const ahead = must(nodes[0]!.cluster.now(), 'time') - clock.wallMs()
  await clock.advance(4_000)
  expect(young.cluster.now()).toBeUndefined()
  void young.lead()
  await settle()
  expect(young.cluster.now()).toBe(clock.wallMs() + ahead)
  expect(young.coldGap).toBeUndefined()
})

test('a machine that slept is unsettled until it has heard enough again', async () => {
  const { nodes, clock } = await createClocks(2)
  void nodes[0]!.lead()
  await clock.advance(5_000)
  const follower = nodes[1]!
  const beforeMs = must(follower.cluster.now(), 'time')
  follower.clock.loseMonotonic(1_500)
  expect(follower.cluster.now()).toBeUndefined()
  const tookMs = await timeUntil(clock, () => follower.cluster.isSettled, 10_000)
  expect(tookMs).toBeGreaterThan(1_000)
  expect(must(follower.cluster.now(), 'time')).toBeGreaterThan(beforeMs)
  expect(follower.cluster.now()).toBe(nodes[0]!.cluster.now())
})

test('a leader whose machine slept stops leading; alone it starts cold and counts the gap', async () => {
  const { nodes, clock } = await createClocks(1)
  const node = nodes[0]!
  const ended = pend(node.lead())
  await clock.advance(5_000)
  const { beacon } = await readBeacon(node.store)
  const beforeMs = must(node.cluster.now(), 'time')
  node.clock.jumpWall(600_000)
  await timeUntil(clock, () => ended.value !== undefined, 2_000)
  expect(ended.value).toBe('parted')
  void node.lead()
  await settle()
  expect(node.cluster.now()).toBe(node.clock.wallMs())
  expect(must(node.cluster.now(), 'time')).toBeGreaterThan(beforeMs)
  const gap = must(node.coldGap, 'gap')
  expect(gap.to - gap.from).toBeGreaterThanOrEqual(599_000)
  expect(gap.from).toBeGreaterThanOrEqual(must(beacon, 'beacon').timeMs)
})

test('a slow drift of the wall clock is no sleep', async () => {
  const { nodes, clock } = await createClocks(2)
  void nodes[0]!.lead()
  await clock.advance(5_000)
  for (let step = 0; step < 100; step++) {
    nodes[1]!.clock.jumpWall(100)
    await clock.advance(2_000)
  }
  expect(nodes[1]!.cluster.now()).toBe(nodes[0]!.cluster.now())
})

test('a leader of an earlier term finds its beacon refused', async () => {
  const { nodes, clock } = await createClocks(2)
  const old = pend(nodes[0]!.lead())
  await clock.advance(5_000)
  nodes[0]!.freeze()
  void nodes[1]!.lead()
  await timeUntil(clock, () => nodes[1]!.leadership !== undefined, 10_000)
  await clock.advance(3_000)
  nodes[0]!.thaw()
  await clock.advance(3_000)
  expect(old.value).toBe('lost')
  const { beacon } = await readBeacon(nodes[1]!.store)
  expect(beacon?.term).toBe(nodes[1]!.leadership?.term)
})

test('a deposed leader that was frozen writes no beacon, even while nobody leads', async () => {
  const { nodes, clock } = await createClocks(2)
  const old = pend(nodes[0]!.lead())
  await clock.advance(5_100)
  const term = must(nodes[0]!.leadership, 'leadership').term
  const before = await readBeacon(nodes[1]!.store)
  nodes[0]!.freeze()
  await clock.advance(1_500) // shorter than what suspends its store
  expect(await createElection({ ...nodes[1]!.deps, dir: 'leader' }).depose(term)).toBe(true)
  nodes[0]!.thaw()
  await clock.advance(5_000)
  expect(old.value).toBe('lost')
  expect(await readBeacon(nodes[1]!.store)).toEqual(before)
})

test('a beacon that lands late does not set the time back', async () => {
  const { nodes, clock, world } = await createClocks(2)
  void nodes[0]!.lead()
  await clock.advance(5_100)
  let isDelayed = true
  world.latency = (kind) => {
    const requestMs = kind === 'commit' && isDelayed ? 3_500 : 0
    if (kind === 'commit') isDelayed = false
    return { requestMs, replyMs: 0 }
  }
  let lastMs = 0
  for (let step = 0; step < 100; step++) {
    await clock.advance(100)
    const { beacon } = await readBeacon(nodes[1]!.store)
    expect(must(beacon, 'beacon').timeMs).toBeGreaterThanOrEqual(lastMs)
    lastMs = must(beacon, 'beacon').timeMs
  }
  expect(isDelayed).toBe(false)
  expect(clock.wallMs() - lastMs).toBeLessThanOrEqual(1_000)
})

test('a leadership of a lower term than the stored beacon’s writes nothing', async () => {
  const { nodes, clock } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(2_000)
  stop.abort()
  await settle()
  const before = await readBeacon(nodes[0]!.store)
  const leadership = {
    guard: { kind: 'absent', key: 'leader/nobody' },
    term: 0n,
    lost: new AbortController().signal,
    resign: async () => undefined,
  } as const
  const end = await nodes[1]!.cluster.lead(leadership, new AbortController().signal, {
    medianWallMs: async () => clock.wallMs(),
    onGap: () => Promise.resolve(),
  })
  expect(end).toBe('superseded')
  expect(await readBeacon(nodes[0]!.store)).toEqual(before)
})

test('silence of the leader counts only while we can listen', async () => {
  const { nodes, clock, world } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  const { cluster, store } = nodes[1]!
  const silenceMs = () => nodes[1]!.clock.monotonicMs() - must(cluster.lastBeaconAt(), 'beacon')
  expect(silenceMs()).toBeLessThanOrEqual(1_000)
  world.silence(store.session)
  await clock.advance(5_000)
  expect(silenceMs()).toBe(0)
  world.heal(store.session)
  await clock.advance(2_000)
  expect(silenceMs()).toBeLessThanOrEqual(1_500)
  nodes[1]!.freeze()
  await clock.advance(4_000)
  expect(silenceMs()).toBe(0) // asked before anything else ran
  nodes[1]!.thaw()
  await clock.advance(3_000)
  stop.abort()
  await clock.advance(10_000)
  expect(silenceMs()).toBeGreaterThanOrEqual(10_000)
})

test('what was silent while the store was suspended is no silence afterwards', async () => {
  const { nodes, clock, world } = await createClocks(2)
  const stop = new AbortController()
  void nodes[0]!.lead(stop.signal)
  await clock.advance(5_000)
  stop.abort()
  const { cluster, store } = nodes[1]!
  world.silence(store.session)
  await clock.advance(5_000)
  world.heal(store.session)
  await clock.advance(1_000)
  const silenceMs = nodes[1]!.clock.monotonicMs() - must(cluster.lastBeaconAt(), 'beacon')
  expect(silenceMs).toBeLessThanOrEqual(1_000)
})

test('a beacon whose reply was lost is found, and the next follows', async () => {
  const { nodes, clock, world } = await createClocks(2)
  void nodes[0]!.lead()
  await clock.advance(5_000)
  world.dropReply(nodes[0]!.store.session)
  await clock.advance(6_000)
  expect(nodes[0]!.leadership).toBeDefined()
  const { beacon } = await readBeacon(nodes[1]!.store)
  expect(clock.wallMs() - must(beacon, 'beacon').timeMs).toBeLessThanOrEqual(1_000)
})
