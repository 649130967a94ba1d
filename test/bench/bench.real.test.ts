import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { StoreKind } from '../../src/store/store.ts'
import { findBackend } from '../support/backends.ts'
import { startHere } from './crew/here.ts'
import { type StartPart, startRemote } from './crew/remote.ts'
import { type BenchOptions, type BenchSize, defaultOptions } from './options.ts'
import { runScenario } from './run-scenario.ts'
import type { ScenarioName } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'

// Short forms of the bench, for what they count and check. Nothing here looks at the time that anything took, so most of them
// play every part in this process; `hot` has its load and its references in processes of their own, as the bench does.

const size: BenchSize = {
  bidders: 12,
  saturation: [6, 12],
  auctions: 30,
  viewers: 40,
  histories: [20, 150],
  closings: { auctions: 40, withinMs: 1_000 },
  idle: { viewers: 50, auctions: 60 },
  failover: { kills: 1, quiet: 4, softCloseMs: 2_000 },
}
const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const etcd = await findBackend('etcd', { size: 1, hurtsMembers: true })

async function play(
  name: ScenarioName,
  store: StoreKind,
  nodes: number,
  startPart: StartPart = startHere,
) {
  const scenario = scenarios.find((known) => known.name === name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)
  const short = { durationMs: 600, rounds: 2, warmUpMs: 300, storeSize: 1 } as const
  const options: BenchOptions & { folder: string } = {
    ...{ ...defaultOptions, ...short, store, nodes, size },
    folder: join(folder, store),
  }
  expect(scenario.needs?.(options)).toBeUndefined()
  const result = await runScenario(scenario, options, () => undefined, startPart)
  expect(result.checked.complaints).toEqual([])
  // Of so few viewers and auctions the memory is less than what garbage collection leaves to chance.
  const least = name === 'idle' ? -1e9 : 0
  for (const { what, value } of result.measures) expect(value, what).toBeGreaterThanOrEqual(least)
  return result
}

describe('every bid that the bench counts as acknowledged is in the journal', () => {
  it.each(['latency', 'saturation', 'contention', 'many', 'fan-out'] as const)(
    '%s, nodes on a memory store',
    async (name) => {
      const { counts, checked, measures } = await play(name, 'memory', 2)
      expect(counts.acknowledged).toBeGreaterThan(0)
      expect(checked.count).toBe(counts.acknowledged)
      expect(measures.some(({ ratio = 0 }) => ratio > 0)).toBe(true)
    },
  )
  it('growth, with as many bids as were told', async () => {
    const { counts, measures } = await play('growth', 'memory', 1)
    // Each history is looked at by as many bids more as the longest has, and then taken over by one.
    expect(counts.acknowledged).toBe(20 + 150 + 150 + 150 + 2)
    expect(measures.filter(({ what }) => what.startsWith('a take-over'))).toHaveLength(2)
  })
})

describe.skipIf(etcd === undefined)('on a real store', () => {
  it('hot: the lock for each bid and the row lock lose none of theirs', async () => {
    const { counts, checked } = await play('hot', 'etcd', 2, startRemote)
    expect(checked.count).toBe(counts.acknowledged)
    expect(counts.unknown).toBe(0)
  })
  // These two wait for most of their time, so they do it together.
  it.concurrent('closings: each auction closes once', async () => {
    const { checked, measures } = await play('closings', 'etcd', 2)
    expect(checked.count).toBe(size.closings.auctions)
    const counted = measures.find(({ what }) => what.startsWith('closes counted'))
    expect(counted?.value).toBe(size.closings.auctions)
  })
  it.concurrent('failover: the holder is killed, and somebody is acknowledged again', async () => {
    const { counts, checked, measures } = await play('failover', 'etcd', 2)
    expect(checked.count).toBe(counts.acknowledged)
    expect(counts.acknowledged).toBeGreaterThan(0)
    const killed = measures.find(({ what }) => what === 'holders killed')
    expect(killed?.value).toBe(1)
    for (const { what, value } of measures) expect(value, what).toBeLessThan(Infinity)
  })
  it('idle: what viewers and auctions hold is measured', async () => {
    const { measures } = await play('idle', 'etcd', 1)
    expect(measures).toHaveLength(4)
  })
})
