import { decimalsOf, formatAmount, parseAmount } from '../../../src/auction/money.ts'
import { language, say } from '../words/say.ts'

/** `"120.00"` as people read it: `$120.00`. Exact for any length: the string is never made a floating number. */
export function money(amount: string, currency: string): string {
  return formatOf(language().locale, currency).format(amount as Intl.StringNumericLiteral)
}

const formats = new Map<string, Intl.NumberFormat>()

/** Kept, since making one costs more than all that it is used for. */
function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const decimals = decimalsOf(currency)
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  })
  formats.set(key, format)
  return format
}

export type EnteredAmount = { ok: true; amount: string } | { ok: false; why: string }

/**
 * What somebody typed, as an amount of the wire. A currency sign and thousands marks at their places are taken, the marks
 * as the page's language sets them; anything that could mean two amounts ("1,5" in English) is not guessed.
 */
export function readAmount(text: string, currency: string): EnteredAmount {
  const bare = text
    .trim()
    .replace(/^[^\d-]{1,4}(?=\d)/, '')
    .replace(/\s*([A-Za-z]{3}|[€$£¥])$/, '')
  const plain = language().code === 'de' ? fromGerman(bare) : fromEnglish(bare)
  const minor = parseAmount(plain, currency)
  if (minor !== undefined && minor > 0) return { ok: true, amount: formatAmount(minor, currency) }
  const example = typedForm(formatAmount(12000, currency))
  return {
    ok: false,
    why: plain === '' ? say('writeAnAmount') : say('writeAmountLike', { example }),
  }
}

/** An amount of the wire as one would type it: `120.00`, in German `120,00`. */
export function typedForm(amount: string): string {
  return language().code === 'de' ? amount.replace('.', ',') : amount
}

function fromEnglish(bare: string): string {
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare
}

/** A point before three digits marks thousands; a comma, or a point before one or two digits, the decimals. */
function fromGerman(bare: string): string {
  const whole = /^\d{1,3}(\.\d{3})+(,\d+)?$/.test(bare) ? bare.replaceAll('.', '') : bare
  return /^\d+,\d+$/.test(whole) ? whole.replace(',', '.') : whole
}

/** Negative when `a` is the lower of two amounts of the wire in one currency. */
export function compareAmounts(a: string, b: string, currency: string): number {
  return (parseAmount(a, currency) ?? 0) - (parseAmount(b, currency) ?? 0)
}
