import type { FeedEncoder } from '../../engine/engine.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Outlet } from './outlet.ts'

/** Tells those who watch an auction on this node how many they are, at most once per auction and `everyMs`. */
export interface Presence {
  join(auctionId: string, outlet: Outlet): void
  leave(auctionId: string, outlet: Outlet): void
  stop(): void
}

interface Room {
  readonly outlets: Set<Outlet>
  sentAtMs: number
  timer: Timer | undefined
}

export function createPresence(deps: {
  clock: Clock
  everyMs: number
  watcherCount: (auctionId: string) => number
  encoder: Pick<FeedEncoder, 'presence'>
}): Presence {
  const { clock, everyMs, watcherCount, encoder } = deps
  const rooms = new Map<string, Room>()

  const tell = (auctionId: string, room: Room) => {
    room.timer = undefined
    room.sentAtMs = clock.monotonicMs()
    const frame = encoder.presence(auctionId, watcherCount(auctionId))
    for (const outlet of room.outlets) outlet.sendShared(frame)
  }
  const announce = (auctionId: string, room: Room) => {
    if (room.timer !== undefined) return
    const waitMs = Math.max(0, room.sentAtMs + everyMs - clock.monotonicMs())
    room.timer = clock.setTimer(waitMs, () => tell(auctionId, room))
  }
  return {
    join(auctionId, outlet) {
      let room = rooms.get(auctionId)
      if (room === undefined) {
        room = { outlets: new Set(), sentAtMs: -Infinity, timer: undefined }
        rooms.set(auctionId, room)
      }
      room.outlets.add(outlet)
      announce(auctionId, room)
    },
    leave(auctionId, outlet) {
      const room = rooms.get(auctionId)
      if (room === undefined) return
      room.outlets.delete(outlet)
      if (room.outlets.size > 0) {
        announce(auctionId, room)
        return
      }
      room.timer?.cancel()
      rooms.delete(auctionId)
    },
    stop() {
      for (const room of rooms.values()) room.timer?.cancel()
      rooms.clear()
    },
  }
}
