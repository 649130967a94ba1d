import { describe, expect, it } from 'vitest'
import { createAnnouncer, type Moment, type Turn } from '../../frontend/src/state/announcer.ts'
import { ann, auctionJson, bidJson, bob, noon, standingBidOf } from './auction-json.ts'

/** Everything that a reader of the two live regions hears, in order. */
function listen() {
  const turns: Turn[] = []
  const announcer = createAnnouncer((turn) => turns.push(turn))
  const polite: string[] = []
  const assertive: string[] = []
  announcer.polite.subscribe((words) => words !== '' && polite.push(words))
  announcer.assertive.subscribe((calls) => {
    const last = calls.at(-1)
    if (last !== undefined) assertive.push(last.words)
  })
  const look = (secondsAfterNoon: number, over: Partial<Moment> = {}) =>
    announcer.look({
      auction: auctionJson({ endsAt: new Date(noon + 700_000).toISOString() }),
      standing: 'open',
      events: [],
      personId: ann.id,
      nowMs: noon + secondsAfterNoon * 1000,
      ...over,
    })
  return { look, polite, assertive, turns }
}

describe('what a screen reader is told', () => {
  it('is the time left at a few marks only, each once', () => {
    const { look, polite } = listen()
    for (let quarter = 0; quarter < 2_800; quarter++) look(quarter / 4)
    expect(polite).toEqual([
      '10 min left.',
      '5 min left.',
      '60 s left.',
      '30 s left.',
      '10 s left.',
    ])
  })

  it('is an extension, and the marks anew after it', () => {
    const { look, polite } = listen()
    const until = (seconds: number) =>
      auctionJson({ endsAt: new Date(noon + seconds * 1000).toISOString() })
    look(49, { auction: until(60) })
    look(51, { auction: until(60) })
    look(52, { auction: until(120) })
    for (let second = 53; second < 120; second++) look(second, { auction: until(120) })
    expect(polite).toEqual([
      '10 s left.',
      'Extended by 60 s.',
      '60 s left.',
      '30 s left.',
      '10 s left.',
    ])
  })

  it('is the price at most every five seconds, the newest, and nothing else is lost for it', () => {
    const { look, polite } = listen()
    for (let tick = 0; tick < 50 * 12; tick++) {
      const amount = `${100 + tick}.00`
      const extensions = Math.floor(tick / 200)
      const endsAt = new Date(noon + 5_000_000 + extensions * 60_000).toISOString()
      look(tick / 50, { auction: auctionJson({ ...standingBidOf(bob, amount), endsAt }) })
    }
    const prices = polite.filter((words) => words.startsWith('The standing bid'))
    expect(prices.length).toBeGreaterThanOrEqual(2)
    expect(prices.length).toBeLessThanOrEqual(3)
    expect(polite.filter((words) => words === 'Extended by 60 s.')).toHaveLength(2)
  })

  it('is at once who was outbid, who leads and how it ended', () => {
    const { look, assertive, turns } = listen()
    look(1)
    look(2, { standing: 'leading', auction: auctionJson(standingBidOf(ann, '105.00')) })
    look(3, { standing: 'outbid', auction: auctionJson(standingBidOf(bob, '110.00')) })
    look(4, { standing: 'outbid', auction: auctionJson(standingBidOf(bob, '115.00')) })
    look(5, { standing: 'won', auction: auctionJson(standingBidOf(ann, '120.00')) })
    expect(assertive).toEqual([
      'You lead at $105.00.',
      'You are outbid: Bob bids $110.00.',
      'The auction has ended. You won, for $120.00.',
    ])
    expect(turns).toEqual(['leading', 'outbid', 'won'])
  })

  it('is each turn of fifty bids a second, also where several fall between two looks', () => {
    const { look, assertive, turns } = listen()
    const events = [bidJson(3, bob, '100.00')]
    const at = (seconds: number, standing: Moment['standing']) => {
      const last = events.at(-1)!
      look(seconds, {
        events: [...events],
        standing,
        auction: auctionJson({
          ...standingBidOf(last.bidder, last.amount),
          seq: last.seq,
        }),
      })
    }
    at(0, 'open')
    // Ten bids between two looks, every fifth is ours: it leads, and is outbid, each time.
    for (let look = 1; look <= 20; look++) {
      for (let bid = 0; bid < 10; bid++) {
        const seq = 3 + (look - 1) * 10 + bid + 1
        events.push(bidJson(seq, bid % 5 === 2 ? ann : bob, `${100 + seq}.00`))
      }
      at(look / 5, 'outbid')
    }
    expect(turns.filter((turn) => turn === 'leading')).toHaveLength(40)
    expect(turns.filter((turn) => turn === 'outbid')).toHaveLength(40)
    expect(assertive.slice(0, 2)).toEqual([
      'You lead at $106.00.',
      'You are outbid: Bob bids $107.00.',
    ])
    expect(new Set(assertive).size).toBe(80)
  })

  it('is nothing of how things stood when the page was opened', () => {
    const { look, assertive, polite } = listen()
    look(690, { standing: 'outbid' })
    look(691, { standing: 'outbid' })
    expect([...assertive, ...polite]).toEqual([])
  })
})
