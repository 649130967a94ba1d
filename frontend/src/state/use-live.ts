import { useEffect, useState } from 'preact/hooks'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { useApp } from './app.ts'
import type { Followed } from './live-lots.ts'
import { useOnScreen } from './on-screen.ts'

/** The newest that is known of an auction in a list: as the list has it, or as its feed does while it is on the screen. */
export function useLive(listed: AuctionJson, isNear = true) {
  const { liveLots } = useApp()
  const { element, isOnScreen } = useOnScreen<HTMLLIElement>('120px', isNear)
  const [followed, setFollowed] = useState<Followed>()
  const isOver = listed.phase === 'closed' || listed.phase === 'cancelled'
  useEffect(() => {
    if (!isOnScreen || isOver) return undefined
    const begun = liveLots.follow(listed.id)
    setFollowed(begun)
    return () => begun.end()
  }, [isOnScreen, isOver, listed.id])
  const fed = followed?.auction.value
  const isNewer = fed !== undefined && (fed.epoch !== listed.epoch || fed.seq > listed.seq)
  return { element, isOnScreen, auction: isNewer ? fed : listed }
}
