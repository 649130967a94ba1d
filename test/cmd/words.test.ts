import { describe, expect, test } from 'vitest'
import { parseDuration, showDuration } from '../../cmd/duration.ts'
import { exitCodeOf } from '../../cmd/failure.ts'
import { parseIncrement } from '../../cmd/increment.ts'
import { parseSoftClose } from '../../cmd/soft-close.ts'
import { errorCodes } from '../../src/protocol/error-code.ts'

describe('words of the command line', () => {
  test.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['250ms', 250],
    ['250', 250],
    ['1.5s', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('%j is so many milliseconds', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each([
    [0, '0 s'],
    [999, '0 s'],
    [61_000, '1 m 1 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
    [-5, '0 s'],
  ])('%i ms are shown as %j', (ms, text) => expect(showDuration(ms)).toBe(text))

  test.each([
    ['30s/60s', { windowMs: 30_000, extensionMs: 60_000, mode: 'add' }],
    ['1m/30s/reset', { windowMs: 60_000, extensionMs: 30_000, mode: 'reset' }],
    ['none', 'none'],
    ['30s', undefined],
    ['30s/60s/double', undefined],
    ['30s/60s/add/10/1', undefined],
  ])('%j is a soft close', (text, softClose) => expect(parseSoftClose(text)).toEqual(softClose))

  test.each([
    ['5.00', '5.00'],
    ['0:5', [{ from: '0', step: '5' }]],
    ['0:5,', undefined],
    ['five', undefined],
  ])('%j is an increment', (text, increment) => expect(parseIncrement(text)).toEqual(increment))
})

test('every code of the wire has an exit code that is not success', () => {
  for (const code of Object.keys(errorCodes)) expect([1, 2, 3, 4, 5, 6]).toContain(exitCodeOf(code))
})
