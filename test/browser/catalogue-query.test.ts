import { describe, expect, it } from 'vitest'
import { pick, queryPath, readQuery } from '../../frontend/src/state/catalogue-query.ts'
import { auctionJson, bob, standingBidOf } from './auction-json.ts'

describe('what somebody looks for in the catalogue', () => {
  it('stands in the address, without what is as usual', () => {
    expect(queryPath(readQuery({}))).toBe('/')
    expect(queryPath({ phase: 'all', sort: 'bids', words: 'brass & co' })).toBe(
      '/?phase=all&sort=bids&q=brass+%26+co',
    )
    expect(readQuery({ phase: 'all', sort: 'bids', q: 'brass' })).toEqual({
      phase: 'all',
      sort: 'bids',
      words: 'brass',
    })
    expect(readQuery({ phase: 'nonsense', sort: 'nonsense' })).toEqual(readQuery({}))
  })

  it('is found by every word, without accents and capitals', () => {
    const items = [
      auctionJson({ id: 'a', title: 'Télescope de Châlons' }),
      auctionJson({ id: 'b', title: 'Brass telescope', description: 'from Chalons' }),
      auctionJson({ id: 'c', title: 'Brass bell' }),
    ]
    const ids = (words: string) =>
      pick(items, { phase: 'all', sort: 'ending', words }).map(({ id }) => id)
    expect(ids('telescope CHALONS')).toEqual(['a', 'b'])
    expect(ids('brass bell')).toEqual(['c'])
    expect(ids('  ')).toEqual(['a', 'b', 'c'])
    expect(ids('(')).toEqual([])
  })

  it('comes in the order asked for', () => {
    const items = [
      auctionJson({ id: 'a', bidCount: 1, ...standingBidOf(bob, '900.00') }),
      auctionJson({ id: 'b', bidCount: 7, ...standingBidOf(bob, '150.00') }),
      auctionJson({ id: 'c' }),
    ]
    const ids = (sort: 'ending' | 'newest' | 'bids' | 'price') =>
      pick(items, { phase: 'all', sort, words: '' })
        .map(({ id }) => id)
        .join('')
    expect([ids('ending'), ids('newest'), ids('bids'), ids('price')]).toEqual([
      'abc',
      'cba',
      'bac',
      'abc',
    ])
  })
})
