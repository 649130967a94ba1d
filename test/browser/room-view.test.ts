import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { ConnectionView } from '../../frontend/src/state/connection.ts'
import { leadersOf } from '../../frontend/src/state/leaders.ts'
import { createLinkTime } from '../../frontend/src/state/link-time.ts'
import { paddleOf, shownName } from '../../frontend/src/state/person-name.ts'
import { pricePathOf } from '../../frontend/src/state/price-path.ts'
import { quickStepsOf } from '../../frontend/src/state/quick-steps.ts'
import { ringShare, urgencyOf } from '../../frontend/src/state/urgency.ts'
import { ann, auctionJson, bidJson, bob, noon } from './auction-json.ts'

describe('the ring of a countdown', () => {
  const left = (seconds: number) =>
    auctionJson({ endsAt: new Date(noon + seconds * 1000).toISOString() })

  it('goes round once in the last minute, and once in the hour before', () => {
    expect(ringShare(left(1_800), noon)).toBe(0.5)
    expect(ringShare(left(60), noon)).toBe(1)
    expect(ringShare(left(15), noon)).toBe(0.25)
    expect(ringShare(left(0), noon)).toBe(0)
  })

  it('turns amber, red and to closing, and is over only when the node says so', () => {
    const urgencies = [61, 60, 10, 0, -5].map((seconds) => urgencyOf(left(seconds), noon))
    expect(urgencies).toEqual(['calm', 'minute', 'seconds', 'closing', 'closing'])
    expect(urgencyOf(auctionJson({ phase: 'closed' }), noon)).toBe('over')
  })
})

describe('the time of countdowns', () => {
  it('stands still while the link is silent, and goes on with it', () => {
    const now = signal(1_000)
    const view = signal({ state: 'live', isQuiet: false } as ConnectionView)
    const shown = createLinkTime(now, view)
    const seen: number[] = []
    shown.subscribe(({ nowMs, isFrozen }) => seen.push(isFrozen ? -nowMs : nowMs))
    now.value = 2_000
    view.value = { ...view.value, isQuiet: true }
    now.value = 3_000
    view.value = { ...view.value, state: 'reconnecting', isQuiet: false }
    now.value = 4_000
    view.value = { ...view.value, state: 'live' }
    expect([...new Set(seen)]).toEqual([1_000, 2_000, -2_000, 4_000])
  })
})

describe('the race', () => {
  const events = [
    bidJson(3, ann, '100.00'),
    bidJson(4, bob, '105.00'),
    bidJson(5, ann, '110.00'),
    ...['c', 'd', 'e', 'f', 'g'].map((id, index) =>
      bidJson(6 + index, { id, name: id }, `${120 + index}.00`),
    ),
  ]

  it('is told by highest bid, with the own row also where it is far down', () => {
    const told = leadersOf(events, 'bob').map(({ rank, bidder, amount, bidCount }) =>
      [rank, bidder.id, amount, bidCount].join(' '),
    )
    expect(told).toEqual([
      '1 g 124.00 1',
      '2 f 123.00 1',
      '3 e 122.00 1',
      '4 d 121.00 1',
      '5 c 120.00 1',
      '7 bob 105.00 1',
    ])
    expect(leadersOf(events, 'ann').at(-1)).toMatchObject({
      rank: 6,
      amount: '110.00',
      bidCount: 2,
    })
  })

  it('tells people of one name apart by a number that stays', () => {
    expect(paddleOf('01J0000000000000000000000A')).toBe(paddleOf('01J0000000000000000000000A'))
    expect(paddleOf('01J0000000000000000000000A')).not.toBe(paddleOf('01J0000000000000000000000B'))
    expect(paddleOf('x')).toMatch(/^\d{3}$/)
    expect(shownName({ id: 'x', name: '🦊 Fox' }, true)).toBe('🦊•••')
  })
})

describe('the drawing of the price', () => {
  const span = {
    currency: 'USD',
    startPrice: '100.00',
    startsAtMs: noon,
    endsAtMs: noon + 60_000,
    nowMs: noon + 20_000,
    personId: 'ann',
  }

  it('rises in steps, marks own bids, and shades what extensions added', () => {
    const extension = {
      type: 'AuctionExtended',
      seq: 12,
      at: new Date(noon + 10_000).toISOString(),
      reason: 'soft-close',
      from: new Date(noon + 10_000).toISOString(),
      endsAt: new Date(noon + 15_000).toISOString(),
    } as const
    const path = pricePathOf(
      [bidJson(5, ann, '100.00'), bidJson(10, bob, '200.00'), extension],
      span,
    )
    expect(path?.line).toBe('M0 94H24.25V94H48.5V8H100')
    expect([path?.ownDots, path?.dots]).toEqual(['M24.25 94h0', 'M48.5 8h0'])
    expect(path?.bands).toEqual([{ x: 48.5, width: 24.25 }])
  })

  it('waits for the second bid', () => {
    expect(pricePathOf([bidJson(5, ann, '100.00')], span)).toBeUndefined()
  })
})

describe('quick steps', () => {
  it('are increments above the minimum, by the band in force', () => {
    const increment = [
      { from: '0.00', step: '5.00' },
      { from: '110.00', step: '10.00' },
    ]
    expect(quickStepsOf(auctionJson({ increment })).map(({ amount }) => amount)).toEqual([
      '105.00',
      '110.00',
      '140.00',
    ])
    expect(quickStepsOf(auctionJson({ minimumNextBid: null }))).toEqual([])
  })
})
