import { describe, expect, it } from 'vitest'
import { nemeses } from './nemeses/all.ts'
import { type NemesisName, rotatedNames } from './nemeses/names.ts'
import { scheduleOf } from './schedule.ts'

const list = ['kill-node', 'cut', 'latency', 'kill-store-leader', 'sigterm-roll', 'flood'] as const
const asked = { store: 'etcd', names: list, rounds: 60, seed: 7 } as const

describe('the schedule of a run', () => {
  it('is fixed by the seed', () => {
    expect(scheduleOf(asked)).toEqual(scheduleOf(asked))
    expect(scheduleOf(asked)).not.toEqual(scheduleOf({ ...asked, seed: 8 }))
  })

  it('has every nemesis of the list before any comes again', () => {
    const { rounds } = scheduleOf(asked)
    for (let at = 0; at < rounds.length; at += list.length) {
      const firsts = rounds.slice(at, at + list.length).map(([first]) => first)
      expect(firsts.sort()).toEqual([...list].sort())
    }
  })

  it('lets two overlap now and then, never two on the store, none beside one on every node', () => {
    const pairs = scheduleOf(asked).rounds.filter(({ length }) => length === 2)
    expect(pairs.length).toBeGreaterThan(5)
    for (const pair of pairs) {
      const touched = pair.map((name) => nemeses[name].touches)
      expect(touched.filter((what) => what === 'store').length).toBeLessThan(2)
      if (touched.includes('every-node')) expect(touched).toContain('client')
    }
  })

  it('leaves out what another store has, and says what this machine lacks', () => {
    const { rounds, skipped } = scheduleOf({ ...asked, store: 'zookeeper', names: 'all' })
    const left = skipped.map(({ nemesis }) => nemesis)
    const seen = new Set(rounds.flat())
    expect(seen).not.toContain('compaction')
    const isHere = (name: NemesisName) => nemeses[name].store !== 'etcd' && !left.includes(name)
    const expected = rotatedNames.filter(isHere)
    expect([...seen].sort()).toEqual([...expected].sort())
    for (const { reason } of skipped) expect(reason).not.toBe('')
  })
})
