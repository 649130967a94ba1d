import { expect, test } from 'vitest'
import { sleep } from '../../src/lib/clock.ts'
import { quietMsMax, readBeacon } from '../../src/recipes/beacon.ts'
import { createElection } from '../../src/recipes/election.ts'
import { settle } from '../support/manual-clock.ts'
import { createClocks, followAll } from './clock-node.ts'

test('whoever leads after a long silence is asked about it before his beacon ends it', async () => {
  const { nodes, clock } = await createClocks(3)
  const [first, second, third] = [nodes[0]!, nodes[1]!, nodes[2]!]
  const reign = async (node: typeof first) => {
    const stop = new AbortController()
    void node.lead(stop.signal)
    await clock.advance(2_000)
    stop.abort()
    await settle()
    return (await readBeacon(first.store)).beacon!.timeMs
  }
  await reign(first)
  await clock.advance(quietMsMax - 1_500)
  const lastMs = await reign(second)
  expect(second.gaps).toEqual([])
  await clock.advance(quietMsMax + 1)
  const backMs = clock.wallMs()
  await reign(third)
  expect(third.gaps).toEqual([{ from: lastMs, to: backMs, isCold: false }])
})

test('what passes while a silence is told is told as well', async () => {
  const { nodes, clock } = await createClocks(2)
  await followAll(nodes)
  const [first, second] = [nodes[0]!, nodes[1]!]
  const stop = new AbortController()
  void first.lead(stop.signal)
  await clock.advance(5_000)
  stop.abort()
  await clock.advance(4_000)
  const election = createElection({ ...second.deps, dir: 'leader' })
  const leadership = await election.campaign(new AbortController().signal)
  const told: number[] = []
  void second.cluster.lead(leadership, new AbortController().signal, {
    medianWallMs: async () => clock.wallMs(),
    onGap: async ({ from, to }) => {
      told.push(to - from)
      if (told.length === 1) await sleep(clock, 8_000)
    },
  })
  await clock.advance(8_500)
  expect(told).toHaveLength(2)
  expect(told[1]! - told[0]!).toBe(8_000)
})
