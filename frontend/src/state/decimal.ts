import { language } from '../words/say.ts'

/** With so many digits after the point, or after the comma where the page's language sets one. Below zero with a true minus. */
export function decimal(value: number, digits: number): string {
  const shown = Math.abs(value).toFixed(digits)
  const sign = value < 0 && Number(shown) !== 0 ? '−' : ''
  return sign + (language().code === 'de' ? shown.replace('.', ',') : shown)
}
