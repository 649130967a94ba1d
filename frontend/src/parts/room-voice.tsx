import { useEffect, useMemo } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { EventJson } from '../../../src/protocol/event.ts'
import { createAnnouncer } from '../state/announcer.ts'
import { useApp } from '../state/app.ts'
import { urgencyOf } from '../state/urgency.ts'
import { useStanding } from '../state/use-standing.ts'
import { say } from '../words/say.ts'

/** Tells what happens to those who do not look: screen readers here, others by the alerts. */
export function RoomVoice(props: {
  auction: AuctionJson
  events: readonly EventJson[]
  hasBid: boolean
}) {
  const { auction, events, hasBid } = props
  const { alerts, device, linkTime, visitor } = useApp()
  const personId = visitor.person.value?.id
  const { nowMs } = linkTime.value
  const { kind } = useStanding(auction, hasBid)
  const urgency = urgencyOf(auction, nowMs)
  const announcer = useMemo(
    () => createAnnouncer((turn, words) => alerts.turned(turn, words)),
    [auction.id],
  )
  useEffect(() => announcer.look({ auction, events, personId, standing: kind, nowMs }))
  useEffect(() => {
    alerts.setBadge(
      kind === 'outbid' ? say('standingOutbid') : kind === 'won' ? say('standingWon') : '',
    )
    return () => alerts.setBadge('')
  }, [kind])
  const isNearEnd = urgency === 'minute' || urgency === 'seconds' || urgency === 'closing'
  useEffect(() => {
    device.keepAwake(isNearEnd)
    return () => device.keepAwake(false)
  }, [isNearEnd])
  return (
    <>
      <p class="visually-hidden" aria-live="polite">
        {announcer.polite.value}
      </p>
      <div class="visually-hidden" aria-live="assertive" aria-atomic="false">
        {announcer.assertive.value.map(({ number, words }) => (
          <p key={number}>{words}</p>
        ))}
      </div>
    </>
  )
}
