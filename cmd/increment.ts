import type { IncrementInput } from '../src/protocol/http-request.ts'

export const incrementForms = 'Use an amount, or bands as FROM:STEP,FROM:STEP (0:5,100:10).'

const amount = /^\d{1,16}(\.\d{1,3})?$/

/** `5.00`, or bands by standing bid: `0:5,100:10`. */
export function parseIncrement(text: string): IncrementInput | undefined {
  if (amount.test(text)) return text
  const bands = text.split(',').map((band) => {
    const [from = '', step = '', ...rest] = band.split(':')
    return rest.length === 0 && amount.test(from) && amount.test(step) ? { from, step } : undefined
  })
  const good = bands.filter((band) => band !== undefined)
  return good.length === bands.length ? good : undefined
}
