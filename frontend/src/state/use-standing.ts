import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from './app.ts'
import { standingOf, type Standing } from './standing.ts'

/** The standing of the visitor, by what is known now. */
export function useStanding(auction: AuctionJson, hasBid: boolean): Standing {
  const { linkTime, visitor, connection } = useApp()
  return standingOf({
    auction,
    hasBid,
    personId: visitor.person.value?.id,
    isPaused: connection.value.state === 'paused',
    nowMs: linkTime.value.nowMs,
  })
}
