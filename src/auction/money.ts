/** An amount in the smallest unit of its currency (cents, yen): a safe integer, never negative. */
export type Minor = number

/** ISO 4217 currencies with their count of decimals, where it is not 2. */
const decimalsByCurrency: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
}

/** How many decimals the currency has: 2 for USD, 0 for JPY, 3 for KWD (ISO 4217). */
export function decimalsOf(currency: string): number {
  return decimalsByCurrency[currency] ?? 2
}

export const amountMaxMinor: Minor = 1_000_000_000_000_000

/**
 * `"120.00"`, `"120"` or `120` as minor units. Undefined when it is no plain decimal, has more decimals than the currency
 * (refused, not rounded), is negative or beyond `amountMaxMinor`.
 */
export function parseAmount(input: string | number, currency: string): Minor | undefined {
  const text = typeof input === 'number' ? String(input) : input
  const match = /^(0|[1-9]\d{0,15})(?:\.(\d{1,3}))?$/.exec(text)
  if (match === null) return undefined
  const decimals = decimalsOf(currency)
  const fraction = match[2] ?? ''
  if (fraction.length > decimals) return undefined
  const minor = Number(`${match[1] ?? ''}${fraction.padEnd(decimals, '0')}`)
  return minor <= amountMaxMinor ? minor : undefined
}

/** Minor units as the decimal string of the wire: 12000 USD is `"120.00"`, 120 JPY is `"120"`. */
export function formatAmount(minor: Minor, currency: string): string {
  const decimals = decimalsOf(currency)
  if (decimals === 0) return String(minor)
  const digits = String(minor).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
