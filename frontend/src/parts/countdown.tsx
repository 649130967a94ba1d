import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from '../state/app.ts'
import { countdownOf } from '../state/standing.ts'

/** The time left, in plain text; ticks by itself. */
export function Countdown({ auction }: { auction: AuctionJson }) {
  const { linkTime } = useApp()
  return <>{countdownOf(auction, linkTime.value.nowMs)}</>
}
