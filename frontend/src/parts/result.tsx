import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { money } from '../state/amount.ts'
import { shownName } from '../state/person-name.ts'
import { say } from '../words/say.ts'

/** How it ended, as the journal says. */
export function Result({ auction }: { auction: AuctionJson }) {
  const { visitor, preferences } = useApp()
  const { result, currency } = auction
  if (auction.phase === 'cancelled') {
    return <p class="result">{say('resultCancelled')}</p>
  }
  if (result?.outcome !== 'sold') return <p class="result">{say('resultPassed')}</p>
  const isMine = result.winner !== undefined && result.winner.id === visitor.person.value?.id
  return (
    <p class="result">
      {say('resultSold', {
        winner: isMine
          ? say('youSmall')
          : result.winner === undefined
            ? say('highestBidder')
            : shownName(result.winner, preferences.value.value.masksNames),
        price: money(result.hammerPrice ?? auction.startPrice, currency),
      })}
    </p>
  )
}
