import { useMemo, useState } from 'preact/hooks'
import type { EventJson } from '../../../src/protocol/event.ts'
import { useApp } from '../state/app.ts'
import { shownName } from '../state/person-name.ts'
import type { Room } from '../state/room.ts'
import { spanInWords } from '../state/time-left.ts'
import { language, say } from '../words/say.ts'
import { Instant } from './instant.tsx'
import { Money } from './money.tsx'

/** Rows drawn unless all are asked for. */
const rowsMax = 200

/** The journal of the auction as it grows, newest first. */
export function History({ room, currency }: { room: Room; currency: string }) {
  const { time, visitor, preferences } = useApp()
  const { masksNames } = preferences.value.value
  const [isWhole, setIsWhole] = useState(false)
  const events = room.history.value
  const shown = isWhole ? events : events.slice(-rowsMax)
  const personId = visitor.person.value?.id
  const nowMs = time.now.peek()
  return (
    <section class="history" aria-labelledby="history">
      <h2 id="history">{say('history')}</h2>
      <div
        class="log"
        role="log"
        aria-labelledby="history"
        aria-live="off"
        tabIndex={0}
        data-shortcut="h"
      >
        <ol>
          {shown.toReversed().map((event) => (
            <Row key={event.seq} {...{ event, currency, personId, nowMs, masksNames }} />
          ))}
        </ol>
      </div>
      {shown.length < events.length && (
        <button class="button quiet" type="button" onClick={() => setIsWhole(true)}>
          {say('showEarlier', { count: events.length - shown.length })}
        </button>
      )}
    </section>
  )
}

interface RowProps {
  event: EventJson
  currency: string
  personId: string | undefined
  nowMs: number
  masksNames: boolean
}

/** An event never changes: only who "You" are can change a row, so that a long log costs little per bid. */
function Row({ event, currency, personId, nowMs, masksNames }: RowProps) {
  return useMemo(
    () => (
      <li
        data-seq={event.seq}
        data-type={event.type}
        data-own={event.type === 'BidAccepted' && event.bidder.id === personId}
      >
        <Told {...{ event, currency, personId, masksNames }} />
        <span class="when small muted">
          <Instant at={event.at} nowMs={nowMs} />
        </span>
      </li>
    ),
    [event.seq, personId, masksNames, language()],
  )
}

function Told({ event, currency, personId, masksNames }: Omit<RowProps, 'nowMs'>) {
  const name = (person: { id: string; name: string }) =>
    person.id === personId ? say('you') : shownName(person, masksNames)
  switch (event.type) {
    case 'AuctionCreated':
      return <span class="what">{say('listedBy', { seller: name(event.seller) })}</span>
    case 'AuctionOpened':
      return <span class="what">{say('opened')}</span>
    case 'BidAccepted':
      return (
        <>
          <span class="what" dir="auto">
            {name(event.bidder)}
          </span>{' '}
          <Money amount={event.amount} currency={currency} />
        </>
      )
    case 'AuctionExtended': {
      const span = spanInWords(Date.parse(event.endsAt) - Date.parse(event.from))
      return (
        <span class="what extension">
          {event.reason === 'soft-close' ? say('extendedBy', { span }) : say('givenBack', { span })}
        </span>
      )
    }
    case 'AuctionClosed':
      if (event.result.outcome === 'passed')
        return <span class="what">{say('passedWithoutSale')}</span>
      return (
        <>
          <span class="what">
            {event.result.winner === undefined
              ? say('sold')
              : event.result.winner.id === personId
                ? say('soldToYou')
                : say('soldTo', { winner: name(event.result.winner) })}
          </span>{' '}
          <Money amount={event.result.hammerPrice ?? '0'} currency={currency} />
        </>
      )
    case 'AuctionCancelled':
      return <span class="what">{say('cancelledBySeller')}</span>
  }
}
