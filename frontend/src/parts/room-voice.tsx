import { useEffect, useMemo } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { createAnnouncer } from '../state/announcer.ts'
import { useApp } from '../state/app.ts'
import { urgencyOf } from '../state/urgency.ts'
import { useStanding } from '../state/use-standing.ts'
import { say } from '../words/say.ts'

/** Tells what happens to those who do not look: screen readers here, others by the alerts. */
export function RoomVoice({ auction, hasBid }: { auction: AuctionJson; hasBid: boolean }) {
  const { alerts, device, linkTime } = useApp()
  const { nowMs } = linkTime.value
  const { kind } = useStanding(auction, hasBid)
  const urgency = urgencyOf(auction, nowMs)
  const announcer = useMemo(
    () => createAnnouncer((turn, words) => alerts.turned(turn, words)),
    [auction.id],
  )
  useEffect(() => announcer.look({ auction, standing: kind, nowMs }))
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
      <p class="visually-hidden" aria-live="assertive">
        {announcer.assertive.value}
      </p>
    </>
  )
}
