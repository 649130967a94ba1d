import { describe, expect, it } from 'vitest'
import { stage } from '../plants/stage.ts'
import { type Composition, play } from '../play.ts'
import { everybodyLeads, locksOff, nothingTried } from './compositions.ts'

// Safety rests on one commit, not on lock or leader. The short form; `npm run sim -- --as locks-off` is the long one.

const seeds = [3, 4]
/** Leaders seldom close in the same moment. */
const closeSeeds = [9, 11, 12]

/** Many bidders on three nodes, and three auctions that end while they bid. */
const crowd = stage(({ auction }) => ({
  auctions: [auction, auction, auction].map((each, index) => ({
    ...each,
    durationMs: 2_500 + index * 500,
    softClose: { windowMs: 500, extensionMs: 500, mode: 'add' as const, maxExtensions: 3 },
  })),
  bidders: Array.from({ length: 9 }, (_, index) => ({
    ...{ name: `b${index + 1}`, thinkMs: 50, wallOffsetMs: 0 },
  })),
}))

async function broken(composition: (seed: number) => Composition, over = seeds): Promise<string[]> {
  const found: string[] = []
  for (const seed of over) {
    const mode = seed % 2 === 0 ? 'liveness' : 'safety'
    const { violations } = await play({ seed, mode, composition: composition(seed) })
    found.push(...violations.map(({ rule, detail }) => `seed ${seed}: ${rule}: ${detail}`))
  }
  return found
}

describe('without the lock', () => {
  it('nothing is lost, doubled, misordered or closed twice, whatever the faults', async () => {
    expect(await broken(() => locksOff(nothingTried()))).toEqual([])
  }, 60_000)

  it('nodes that bid against each other overtake each other, and nothing is lost', async () => {
    const tried = nothingTried()
    expect(await broken(() => ({ ...locksOff(tried), replan: crowd }))).toEqual([])
    expect(tried.overtakenCount).toBeGreaterThan(10)
  }, 60_000)
})

describe('with several leaders at once', () => {
  it('who all want to close, each auction closes once, in time', async () => {
    const tried = nothingTried()
    const composition = { ...everybodyLeads(tried, { hasLock: true }), replan: crowd }
    expect(await broken(() => composition)).toEqual([])
    expect(tried.leaders.size).toBeGreaterThan(1)
    expect(tried.closers.size).toBe(3 * seeds.length)
  }, 60_000)

  it('and no lock between them either, all send a close, and one of them counts', async () => {
    const tried = nothingTried()
    const composition = { ...everybodyLeads(tried, { hasLock: false }), replan: crowd }
    expect(await broken(() => composition, closeSeeds)).toEqual([])
    const contested = [...tried.closers.values()].filter((nodes) => nodes.size > 1)
    expect(contested.length).toBeGreaterThan(0)
    expect(tried.overtakenCount).toBeGreaterThan(0)
  }, 60_000)
})
