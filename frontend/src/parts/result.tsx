import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { Money } from './money.tsx'

/** How it ended, as the journal says. */
export function Result({ auction }: { auction: AuctionJson }) {
  const { visitor } = useApp()
  const { result, currency } = auction
  if (auction.phase === 'cancelled') {
    return <p class="result">The seller cancelled this auction before the first bid.</p>
  }
  if (result?.outcome !== 'sold') return <p class="result">Passed: nobody bid.</p>
  const isMine = result.winner !== undefined && result.winner.id === visitor.person.value?.id
  return (
    <p class="result">
      Sold to {isMine ? 'you' : (result.winner?.name ?? 'the highest bidder')} for{' '}
      <Money amount={result.hammerPrice ?? auction.startPrice} currency={currency} />.
    </p>
  )
}
