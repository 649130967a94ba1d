import { describe, expect, it } from 'vitest'
import { defaultSoftClose, type SoftClose } from '../../src/auction/conditions.ts'
import { extensionsMax, softCloseEnd } from '../../src/auction/soft-close.ts'
import { bid, extendedTo, given, opened, placeBid, second, softClose } from '../support/given.ts'

/** Seconds in, seconds out; the end in force is second 600, the window 30 s, the extension 60 s. */
function endAfter(
  at: number,
  over: Partial<SoftClose> = {},
  so: { extensions?: number; credited?: number } = {},
) {
  const end = softCloseEnd({
    softClose: { ...defaultSoftClose, ...over },
    endsAt: second(600),
    at: second(at),
    extensionCount: so.extensions ?? 0,
    creditedMs: (so.credited ?? 0) * 1000,
  })
  return end === undefined ? undefined : (end - second(0)) / 1000
}

describe('the soft close', () => {
  it.each([
    ['early', 300, {}, undefined],
    ['with exactly the window left', 570, {}, undefined],
    ['a millisecond later', 570.001, {}, 660],
    ['in the last millisecond', 599.999, {}, 660],
    ['reset counts from the bid', 590, { mode: 'reset' }, 650],
    ['reset never moves the end back', 571, { mode: 'reset', extensionMs: 10_000 }, undefined],
    ['reset to the very end moves nothing', 590, { mode: 'reset', extensionMs: 10_000 }, undefined],
    ['reset past the end by a little', 591, { mode: 'reset', extensionMs: 10_000 }, 601],
    ['a hard end beyond', 590, { hardEndsAt: second(700) }, 660],
    ['a hard end cuts', 590, { hardEndsAt: second(630) }, 630],
    ['a hard end cuts a reset', 590, { mode: 'reset', hardEndsAt: second(630) }, 630],
    ['a hard end reached', 590, { hardEndsAt: second(600) }, undefined],
    ['no extension allowed', 590, { maxExtensions: 0 }, undefined],
  ] satisfies [string, number, Partial<SoftClose>, number | undefined][])(
    '%s: a bid at %d s',
    (_, at, over, end) => {
      expect(endAfter(at, over)).toBe(end)
    },
  )

  it('stops at the greatest number of extensions', () => {
    expect(endAfter(590, { maxExtensions: 3 }, { extensions: 2 })).toBe(660)
    expect(endAfter(590, { maxExtensions: 3 }, { extensions: 3 })).toBeUndefined()
  })

  it('lets the hard end move by what was given back', () => {
    expect(endAfter(590, { hardEndsAt: second(600) }, { credited: 15 })).toBe(615)
  })

  it('is off where the seller wanted none', () => {
    const none = { softClose: null, endsAt: 10, at: 9, extensionCount: 0, creditedMs: 0 }
    expect(softCloseEnd(none)).toBeUndefined()
  })
})

describe('a late bid', () => {
  it('extends in the decision that accepts it', () => {
    const state = given(opened(softClose()))
      .when(placeBid(100, { at: 580 }))
      .thenHappens(
        { type: 'BidAccepted', at: second(580) },
        {
          type: 'AuctionExtended',
          at: second(580),
          reason: 'soft-close',
          from: second(600),
          endsAt: second(660),
        },
      )
    expect(state).toMatchObject({ endsAt: second(660), extensionCount: 1, seq: 4 })
  })

  it('extends again, from the end in force', () => {
    given(opened(softClose()), bid(100, { at: 580 }), extendedTo(660))
      .when(placeBid(105, { at: 640 }))
      .thenHappens({ type: 'BidAccepted' }, { type: 'AuctionExtended', endsAt: second(720) })
  })

  it('extends nothing when it is refused', () => {
    given(opened(softClose()), bid(100))
      .when(placeBid(101, { at: 599 }))
      .thenRejected('bid-too-low')
    given(opened(softClose()), bid(100, { by: 'bob' }))
      .when(placeBid(105, { at: 599 }))
      .thenRejected('own-bid')
  })

  it('goes by its time in the journal, not by its stamp', () => {
    given(
      opened(softClose()),
      bid(100, { at: 580 }),
      extendedTo(660),
      bid(105, { by: 'cy', at: 629 }),
    )
      .when(placeBid(110, { at: 590 }))
      .thenHappens({ type: 'BidAccepted', at: second(629) })
  })
})

it('a soft close without bounds of its own ends after a thousand extensions', () => {
  expect(endAfter(590, {}, { extensions: extensionsMax - 1 })).toBe(660)
  expect(endAfter(590, {}, { extensions: extensionsMax })).toBeUndefined()
  expect(endAfter(590, { hardEndsAt: second(9_999) }, { extensions: extensionsMax })).toBe(660)
})
