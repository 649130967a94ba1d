import type { EventJson } from '../../../src/protocol/event.ts'
import { useApp } from '../state/app.ts'
import { leadersOf } from '../state/leaders.ts'
import { paddleOf, shownName } from '../state/person-name.ts'
import { say } from '../words/say.ts'
import { Money } from './money.tsx'

/** Who is in the race, by their highest bid; the visitor's own row is always there. */
export function Leaderboard(props: { events: readonly EventJson[]; currency: string }) {
  const { visitor, preferences } = useApp()
  const personId = visitor.person.value?.id
  const leaders = leadersOf(props.events, personId)
  if (leaders.length < 2) return null
  return (
    <section class="leaders" aria-labelledby="leaders">
      <h2 id="leaders">{say('leaders')}</h2>
      <ol>
        {leaders.map(({ rank, bidder, amount, bidCount }) => (
          <li key={bidder.id} data-own={bidder.id === personId}>
            <span class="rank number">{rank}</span>
            <span class="what" dir="auto">
              {bidder.id === personId
                ? say('you')
                : shownName(bidder, preferences.value.value.masksNames)}
            </span>
            <span class="small muted">
              {say('paddle', { number: paddleOf(bidder.id) })} ·{' '}
              {say('bidCount', { count: bidCount })}
            </span>
            <Money amount={amount} currency={props.currency} />
          </li>
        ))}
      </ol>
    </section>
  )
}
