import { describe, expect, test } from 'vitest'
import { createDeferred, type Deferred } from '../../src/lib/deferred.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import {
  createGroupCommit,
  groupCommitsMax,
  waitingCommitsMax,
} from '../../src/store/embedded/group-commit.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'
import { commit, create, outcomeOf } from './conformance/words.ts'

const stallMs = 2_000
const one = commit([create('a')])

/** A disk whose syncs and repairs the test ends by hand. */
function openBench() {
  const clock = createManualClock()
  const syncs: Deferred<undefined>[] = []
  const told: string[] = []
  let isBroken = false
  const group = createGroupCommit({
    clock,
    entropy: seededEntropy(1),
    log: silentLog,
    metrics: silentMetrics,
    stallMs,
    decide: (commits) => ({
      results: commits.map(() => ({ ok: true, revision: 1n, versions: new Map() })),
      save() {
        const sync = createDeferred<undefined>()
        syncs.push(sync)
        told.push(`sync of ${commits.length}`)
        return sync.promise
      },
      publish: () => void told.push('visible'),
    }),
    repair: async () => {
      if (isBroken) throw new Error('still broken')
    },
    onChange: (isServing) => void told.push(isServing ? 'serving' : 'suspended'),
  })
  return { clock, group, syncs, told, breakDisk: (broken: boolean) => (isBroken = broken) }
}

describe('the embedded store’s commits go to disk in groups', () => {
  test('nothing is answered or visible before its sync is over', async () => {
    const { group, syncs, told } = openBench()
    let isAnswered = false
    const answer = group.submit(one).then(() => (isAnswered = true))
    await settle()
    expect(told).toEqual(['sync of 1'])
    expect(isAnswered).toBe(false)
    syncs[0]!.resolve(undefined)
    await answer
    expect(told).toEqual(['sync of 1', 'visible'])
  })

  test('those that come during a sync make the next group, up to its limit', async () => {
    const { group, syncs, told } = openBench()
    const answers = [group.submit(one), group.submit(one)]
    await settle()
    for (let index = 0; index < groupCommitsMax + 5; index++) answers.push(group.submit(one))
    for (let turn = 0; turn < 3; turn++) {
      syncs[turn]!.resolve(undefined)
      await settle()
    }
    await Promise.all(answers)
    expect(told.filter((line) => line.startsWith('sync'))).toEqual([
      'sync of 2',
      `sync of ${groupCommitsMax}`,
      'sync of 5',
    ])
  })

  test('a sync that stalls suspends: its commits are unknown, those that wait refused', async () => {
    const { clock, group, syncs, told } = openBench()
    const under = outcomeOf(group.submit(one))
    await settle()
    const waiting = outcomeOf(group.submit(one))
    await clock.advance(stallMs)
    expect(await under).toBe('OutcomeUnknown')
    expect(await waiting).toBe('Suspended')
    expect(await outcomeOf(group.submit(one))).toBe('Suspended')
    syncs[0]!.resolve(undefined)
    await settle()
    expect(told).toEqual(['sync of 1', 'suspended', 'visible', 'serving'])
  })

  test('after a failed sync it serves again only when the disk was repaired', async () => {
    const { clock, group, syncs, told, breakDisk } = openBench()
    breakDisk(true)
    const under = outcomeOf(group.submit(one))
    await settle()
    syncs[0]!.reject(new Error('no space left'))
    expect(await under).toBe('OutcomeUnknown')
    await clock.advance(60_000)
    expect(group.isServing).toBe(false)
    breakDisk(false)
    await clock.advance(5_000)
    expect(group.isServing).toBe(true)
    expect(told).toEqual(['sync of 1', 'suspended', 'serving'])
    const next = group.submit(one)
    await settle()
    syncs[1]!.resolve(undefined)
    expect(await next).toMatchObject({ ok: true })
  })

  test('more than may wait are refused, not kept', async () => {
    const { group } = openBench()
    void group.submit(one)
    await settle()
    const answers = Array.from({ length: waitingCommitsMax + 1 }, () =>
      outcomeOf(group.submit(one)),
    )
    expect(await answers.at(-1)).toBe('Suspended')
    void group.close()
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['Suspended']))
  })

  test('closing refuses what waits and answers what is under way', async () => {
    const { group, syncs } = openBench()
    const under = group.submit(one)
    await settle()
    const waiting = outcomeOf(group.submit(one))
    const closing = group.close()
    expect(await waiting).toBe('Suspended')
    expect(await outcomeOf(group.submit(one))).toBe('Suspended')
    syncs[0]!.resolve(undefined)
    expect(await under).toMatchObject({ ok: true })
    await closing
  })

  test('closing does not wait for a disk that stays broken', async () => {
    const { clock, group, syncs, breakDisk } = openBench()
    breakDisk(true)
    const under = outcomeOf(group.submit(one))
    await settle()
    syncs[0]!.reject(new Error('no space left'))
    await clock.advance(1_000)
    await group.close()
    expect(await under).toBe('OutcomeUnknown')
    expect(clock.armedCount).toBe(0)
  })
})
