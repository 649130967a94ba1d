import { describe, expect, it } from 'vitest'
import { money, readAmount } from '../../frontend/src/state/amount.ts'
import { connectionInWords } from '../../frontend/src/state/connection.ts'
import { draftField, emptyDraft, readDraft } from '../../frontend/src/state/draft.ts'
import { mayBid, previewBid } from '../../frontend/src/state/may-bid.ts'
import { refusalInWords } from '../../frontend/src/state/refusal.ts'
import { softCloseInWords } from '../../frontend/src/state/soft-close-words.ts'
import { countdownOf, standingOf } from '../../frontend/src/state/standing.ts'
import { spanInWords, timeLeft } from '../../frontend/src/state/time-left.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import { ann, auctionJson as auction, bob, noon, standingBidOf } from './auction-json.ts'

describe('money', () => {
  it('is told exactly, however long, in the decimals of its currency', () => {
    expect(money('120.00', 'USD')).toBe('$120.00')
    expect(money('9007199254740993.01', 'USD')).toBe('$9,007,199,254,740,993.01')
    expect(money('1200', 'JPY')).toBe('¥1,200')
    expect(money('1.500', 'KWD')).toMatch(/^KWD\s1\.500$/)
  })

  it.each([
    ['120', '120.00'],
    ['120.5', '120.50'],
    [' $1,250.00 ', '1250.00'],
    ['1250 USD', '1250.00'],
  ])('typed as "%s" is %s', (text, amount) => {
    expect(readAmount(text, 'USD')).toEqual({ ok: true, amount })
  })

  it.each(['', 'a lot', '1,5', '1.234,00', '-5', '0', '1e3', '12.345', '1,25,000'])(
    'typed as "%s" is not guessed',
    (text) => {
      expect(readAmount(text, 'USD').ok).toBe(false)
    },
  )
})

describe('time', () => {
  it.each([
    [0, '0:00'],
    [1, '0:01'],
    [9_000, '0:09'],
    [61_000, '1:01'],
    [3_725_000, '1:02:05'],
    [200_000_000, '2 d 7 h'],
    [-5, '0:00'],
  ])('%d ms left is "%s"', (ms, words) => {
    expect(timeLeft(ms)).toBe(words)
  })

  it('tells spans as conditions of sale do', () => {
    expect([30_000, 60_000, 300_000, 7_200_000, 1_500].map(spanInWords)).toEqual([
      '30 s',
      '60 s',
      '5 min',
      '2 h',
      '1.5 s',
    ])
  })
})

describe('the standing', () => {
  const told = (over: Partial<AuctionJson>, more: { hasBid?: boolean; isPaused?: boolean } = {}) =>
    standingOf({
      auction: auction(over),
      personId: 'ann',
      hasBid: false,
      isPaused: false,
      nowMs: noon,
      ...more,
    }).words

  it('is told from the journal alone', () => {
    const over = { endsAt: new Date(noon).toISOString() }
    const sold = (winner: typeof ann) => ({
      phase: 'closed' as const,
      result: { outcome: 'sold' as const, hammerPrice: '100.00', winner },
    })
    expect(told({})).toBe('Open')
    expect(told({ phase: 'scheduled', startsAt: new Date(noon + 90_000).toISOString() })).toBe(
      'Not open yet',
    )
    expect(told(standingBidOf(ann), { hasBid: true })).toBe('You lead')
    expect(told(standingBidOf(bob), { hasBid: true })).toBe('Outbid')
    expect(told(standingBidOf(bob))).toBe('Open')
    expect(told(standingBidOf(ann), { isPaused: true })).toBe('Paused')
    expect(told({ ...standingBidOf(ann), ...over })).toBe('Closing')
    expect(told(sold(ann))).toBe('You won')
    expect(told(sold(bob))).toBe('Ended')
    expect(told({ phase: 'cancelled' })).toBe('Cancelled')
  })

  it('counts down to closing, and has not ended before the node says so', () => {
    expect(countdownOf(auction(), noon)).toBe('1:00')
    expect(countdownOf(auction(), noon + 60_000)).toBe('closing…')
    expect(countdownOf(auction({ phase: 'closed' }), noon)).toBe('ended')
    const startsAt = new Date(noon + 90_000).toISOString()
    expect(countdownOf(auction({ phase: 'scheduled', startsAt }), noon)).toBe('1:30')
    expect(countdownOf(auction({ phase: 'scheduled', startsAt }), noon + 90_000)).toBe('opening…')
  })
})

describe('an offer to bid', () => {
  const may = (
    over: Partial<AuctionJson>,
    personId: string | undefined = 'ann',
    isPaused = false,
  ) => mayBid({ auction: auction(over), personId, isPaused, nowMs: noon }).ok

  it('spares only refusals that are certain', () => {
    expect(may({})).toBe(true)
    expect(may({ endsAt: new Date(noon - 1).toISOString() })).toBe(true)
    expect(may({}, 'seller')).toBe(false)
    expect(may(standingBidOf(ann))).toBe(false)
    expect(may({ ...standingBidOf(ann), mayRaiseOwnBid: true })).toBe(true)
    expect(may({}, 'ann', true)).toBe(false)
    const startsAt = new Date(noon + 1).toISOString()
    expect(may({ phase: 'scheduled', startsAt })).toBe(false)
    expect(may({ phase: 'scheduled', startsAt: new Date(noon).toISOString() })).toBe(true)
  })

  it('previews a typed amount by the rules of the room', () => {
    expect(previewBid(auction(), '99', noon)).toEqual({
      ok: false,
      why: 'The minimum is $100.00.',
    })
    expect(previewBid(auction(), '100', noon)).toEqual({
      ok: true,
      amount: '100.00',
      note: undefined,
    })
    expect(previewBid(auction(), '100', noon + 45_000)).toMatchObject({
      note: 'A bid now adds 60 s.',
    })
    expect(previewBid(auction({ extensions: 10 }), '100', noon + 45_000)).toMatchObject({
      note: undefined,
    })
  })
})

describe('words', () => {
  it('tell the rule of late bids in a line', () => {
    expect(softCloseInWords(auction().softClose)).toBe(
      'A bid in the last 30 s adds 60 s, at most 10 times',
    )
    expect(softCloseInWords({ windowMs: 10_000, extensionMs: 20_000, mode: 'reset' })).toBe(
      'A bid in the last 10 s moves the end to 20 s after it',
    )
    expect(softCloseInWords(null)).toContain('does not move')
  })

  it('tell a refusal with the new minimum', () => {
    const refused = { code: 'bid-too-low', amount: '100.00', minimumNextBid: '120.00' }
    expect(refusalInWords(refused, 'USD')).toBe('$100.00 is too low. The minimum is now $120.00.')
    expect(refusalInWords({ code: 'news', amount: '1.00' }, 'USD')).toContain('news')
  })

  it('tell the state of the connection', () => {
    const words = (view: object) => {
      const base = { state: 'live', nodeId: 'n2', isQuiet: false }
      const { word, detail } = connectionInWords({ ...base, ...view } as never)
      return `${word} ${detail}`
    }
    expect(words({})).toBe('Live on n2')
    expect(words({ movedFrom: 'n1' })).toBe('Live Moved to n2')
    expect(words({ movedFrom: 'n1', resumedSeq: 812 })).toBe(
      'Live Moved to n2, nothing missed, seq 812',
    )
    expect(words({ isQuiet: true })).toBe('Waiting for n2… ')
    expect(words({ state: 'offline' })).toBe('Offline no network')
    expect(words({ state: 'reconnecting' })).toBe('Reconnecting… lost n2')
    expect(words({ state: 'paused' })).toBe('Paused your time is kept')
  })
})

describe('a draft of an auction', () => {
  it('becomes the request of the wire', () => {
    const read = readDraft({ ...emptyDraft, title: ' Telescope ', duration: '1.5' })
    expect(read).toMatchObject({
      ok: true,
      body: {
        title: 'Telescope',
        durationMs: 90_000,
        startPrice: '100.00',
        softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add', maxExtensions: 10 },
      },
    })
    expect(
      readDraft({ ...emptyDraft, title: 'T', hasSoftClose: false, windowSeconds: '?' }),
    ).toMatchObject({ ok: true, body: { softClose: null } })
    const limitless = readDraft({ ...emptyDraft, title: 'T', maxExtensions: '' })
    expect(limitless.ok && 'maxExtensions' in (limitless.body.softClose ?? {})).toBe(false)
  })

  it('tells all that is wrong with it at once', () => {
    const read = readDraft({
      ...emptyDraft,
      startPrice: '1,5',
      increment: '0',
      duration: '0',
      windowSeconds: '-1',
    })
    expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual([
      'duration',
      'increment',
      'startPrice',
      'title',
      'windowSeconds',
    ])
    expect(draftField('endsAt')).toBe('duration')
  })
})
