import { decimalsOf, formatAmount, parseAmount } from '../../../src/auction/money.ts'

/** `"120.00"` as people read it: `$120.00`. Exact for any length: the string is never made a floating number. */
export function money(amount: string, currency: string): string {
  const decimals = decimalsOf(currency)
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  return format.format(amount as Intl.StringNumericLiteral)
}

export type EnteredAmount = { ok: true; amount: string } | { ok: false; why: string }

/**
 * What somebody typed, as an amount of the wire. A currency sign and thousands marks at their places are taken;
 * anything that could mean two amounts ("1,5") is not guessed.
 */
export function readAmount(text: string, currency: string): EnteredAmount {
  const bare = text
    .trim()
    .replace(/^[^\d-]{1,4}(?=\d)/, '')
    .replace(/\s*[A-Za-z]{3}$/, '')
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare
  const minor = parseAmount(plain, currency)
  if (minor !== undefined && minor > 0) return { ok: true, amount: formatAmount(minor, currency) }
  const example = formatAmount(12000, currency)
  return {
    ok: false,
    why: plain === '' ? 'Write an amount first.' : `Write an amount like ${example}.`,
  }
}

/** Negative when `a` is the lower of two amounts of the wire in one currency. */
export function compareAmounts(a: string, b: string, currency: string): number {
  return (parseAmount(a, currency) ?? 0) - (parseAmount(b, currency) ?? 0)
}
