import { describe, expect, it } from 'vitest'
import { compositionAs, mustSee, playMany } from './many.ts'
import { play } from './play.ts'

const withinMs = 240_000

// The short form; `npm run sim` plays thousands.

describe('a simulated cluster', () => {
  it(
    'breaks no promise in seventy worlds, half of which have to finish',
    async () => {
      const { broken, counts } = await playMany({
        ...{ from: 1, seeds: 70 },
        mode: 'both',
        folder: undefined,
      })
      expect(broken).toEqual([])
      expect(mustSee.filter((name) => (counts[name] ?? 0) === 0)).toEqual([])
    },
    withinMs,
  )

  it(
    'gives back what outages took, no more and no less, in thirty worlds that lose the quorum around ends',
    async () => {
      const { broken, counts } = await playMany({
        ...{ from: 1, seeds: 30, as: 'outages' },
        mode: 'both',
        folder: undefined,
      })
      expect(broken).toEqual([])
      expect(counts['extended: outage']).toBeGreaterThan(10)
    },
    withinMs,
  )

  it.each(['it-is', 'outages'] as const)(
    'gives back an outage that its next leader slept through (%s)',
    async (as) => {
      const composition = compositionAs(as)
      const { violations, defects } = await play({ seed: 514, mode: 'liveness', composition })
      expect([...violations, ...defects]).toEqual([])
    },
    withinMs,
  )

  it.each(['safety', 'liveness'] as const)(
    'has the same history from the same seed, byte for byte (%s)',
    async (mode) => {
      const [once, again, other] = [
        await play({ seed: 4_711, mode }),
        await play({ seed: 4_711, mode }),
        await play({ seed: 4_712, mode }),
      ].map(({ history }) => JSON.stringify(history))
      expect(again).toBe(once)
      expect(other).not.toBe(once)
    },
    withinMs,
  )

  it('has the same history whether its story is told or not', async () => {
    const told: string[] = []
    const tell = (_atMs: number, who: string) => void told.push(who)
    const loud = await play({ seed: 42, mode: 'liveness', tell })
    const quiet = await play({ seed: 42, mode: 'liveness' })
    expect(told).toContain('world')
    expect(JSON.stringify(loud.history)).toBe(JSON.stringify(quiet.history))
  })
})
