import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { standingOf } from '../state/standing.ts'

/** Where this visitor stands, in words. */
export function Standing({ auction, hasBid }: { auction: AuctionJson; hasBid: boolean }) {
  const { time, visitor, connection } = useApp()
  const standing = standingOf({
    auction,
    hasBid,
    personId: visitor.person.value?.id,
    isPaused: connection.value.state === 'paused',
    nowMs: time.now.value,
  })
  return (
    <p class="standing" role="status" data-standing={standing.kind}>
      {standing.words}
    </p>
  )
}
