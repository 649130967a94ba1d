import type { Result } from '../../auction/events.ts'
import { formatAmount } from '../../auction/money.ts'
import type { ResultJson } from '../../protocol/auction.ts'
import { encodePerson } from './person.ts'

export function encodeResult(result: Result, currency: string): ResultJson {
  if (result.outcome === 'passed') return { outcome: 'passed' }
  return {
    outcome: 'sold',
    hammerPrice: formatAmount(result.hammerPriceMinor, currency),
    winner: encodePerson(result.winner),
  }
}
