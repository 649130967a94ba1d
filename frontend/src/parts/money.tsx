import { money } from '../state/amount.ts'

export function Money({ amount, currency }: { amount: string; currency: string }) {
  return <span class="money">{money(amount, currency)}</span>
}
