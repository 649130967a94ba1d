import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountMaxMinor, decimalsOf, formatAmount, parseAmount } from '../../src/auction/money.ts'

describe('an amount on the wire', () => {
  it.each<[string | number, string, number]>([
    ['120.00', 'USD', 12_000],
    ['120', 'USD', 12_000],
    [120, 'USD', 12_000],
    ['120.5', 'USD', 12_050],
    [0.1, 'USD', 10],
    [0.29, 'USD', 29],
    [1.15, 'USD', 115],
    ['0', 'USD', 0],
    ['0.01', 'USD', 1],
    [-0, 'USD', 0],
    ['120', 'JPY', 120],
    ['1.234', 'KWD', 1234],
    ['1.5', 'KWD', 1500],
    ['10000000000000.00', 'USD', amountMaxMinor],
    ['1000000000000000', 'JPY', amountMaxMinor],
  ])('%s %s is read exactly', (input, currency, minor) => {
    expect(parseAmount(input, currency)).toBe(minor)
  })

  it.each<[string | number, string]>([
    [1e21, 'USD'],
    ['1e3', 'USD'],
    [1e-7, 'USD'],
    [Number.NaN, 'USD'],
    [Infinity, 'USD'],
    ['NaN', 'USD'],
    [-1, 'USD'],
    ['-1', 'USD'],
    ['+1', 'USD'],
    ['', 'USD'],
    [' 1', 'USD'],
    ['1\n', 'USD'],
    ['1 000', 'USD'],
    ['1,000', 'USD'],
    ['1,5', 'USD'],
    ['.5', 'USD'],
    ['5.', 'USD'],
    ['1.2.3', 'USD'],
    ['007', 'USD'],
    ['00', 'USD'],
    ['00.5', 'USD'],
    ['0x10', 'USD'],
    ['١٢', 'USD'],
    ['1.234', 'USD'],
    [0.1 + 0.2, 'USD'],
    [0.1, 'JPY'],
    ['1.0', 'JPY'],
    ['1.2345', 'KWD'],
    ['10000000000000.01', 'USD'],
    ['1000000000000001', 'JPY'],
    [2 ** 53, 'JPY'],
    [2 ** 53, 'USD'],
    ['9007199254740993', 'JPY'],
    ['99999999999999999999', 'JPY'],
  ])('%s %s is refused, not rounded', (input, currency) => {
    expect(parseAmount(input, currency)).toBeUndefined()
  })

  it.each([
    [12_000, 'USD', '120.00'],
    [5, 'USD', '0.05'],
    [0, 'USD', '0.00'],
    [120, 'JPY', '120'],
    [0, 'JPY', '0'],
    [1, 'KWD', '0.001'],
    [amountMaxMinor, 'USD', '10000000000000.00'],
  ])('%d minor units of %s are written %s', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text)
  })

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: amountMaxMinor }),
        fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
        (minor, currency) => {
          const text = formatAmount(minor, currency)
          expect(parseAmount(text, currency)).toBe(minor)
          expect(text.split('.')[1]?.length ?? 0).toBe(decimalsOf(currency))
        },
      ),
    )
  })
})
