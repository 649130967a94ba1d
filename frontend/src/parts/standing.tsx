import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { standingDetail, type Standing } from '../state/standing.ts'
import { useStanding } from '../state/use-standing.ts'
import { say } from '../words/say.ts'

const icons: Readonly<Record<Standing['kind'], string>> = {
  waiting: '◷',
  open: '○',
  leading: '✓',
  outbid: '↑',
  closing: '…',
  won: '★',
  ended: '■',
  paused: '‖',
}

/** Where this visitor stands: an icon, the word, and against whom at what price. */
export function StandingBanner({ auction, hasBid }: { auction: AuctionJson; hasBid: boolean }) {
  const { preferences, linkTime } = useApp()
  const { kind, words } = useStanding(auction, hasBid)
  const isMasked = preferences.value.value.masksNames && kind !== 'leading' && kind !== 'won'
  // Nobody tells of bids while the link is silent: what was true is not shown as if it were.
  const isStale = linkTime.value.isFrozen && auction.phase === 'open'
  const detail = standingDetail(kind, auction, isMasked)
  return (
    <div class="banner" data-standing={kind} data-stale={isStale}>
      <span class="banner-icon" aria-hidden="true">
        {icons[kind]}
      </span>
      <p class="standing" role="status" data-standing={kind}>
        {words}
      </p>
      <p class="banner-detail">{isStale ? say('detailStale', { detail }) : detail}</p>
    </div>
  )
}
