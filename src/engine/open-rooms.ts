import type { Metrics } from '../lib/metrics.ts'
import type { FeedRoom } from './feed-room.ts'

/** From the first who asks for it until the last who holds it lets go. */
export interface OpenRoom {
  readonly auctionId: string
  readonly stop: AbortController
  /** Viewers, and those who are on their way in. */
  holdCount: number
  room: FeedRoom | undefined
  loading: Promise<FeedRoom | undefined> | undefined
}

/** The rooms of this node, one for each auction. A room is open as long as somebody holds it, and closes nothing but itself. */
export interface OpenRooms {
  get(auctionId: string): OpenRoom | undefined
  all(): Iterable<OpenRoom>
  /** The room of that auction, held until released; nothing has been read for a new one. */
  hold(auctionId: string): OpenRoom
  release(room: OpenRoom): void
  closeAll(): void
}

export function createOpenRooms(metrics: Metrics): OpenRooms {
  const rooms = new Map<string, OpenRoom>()
  const tell = () => metrics.gauge('feed_rooms', rooms.size)

  const close = (open: OpenRoom) => {
    open.stop.abort()
    // Another may be open under that name by now.
    if (rooms.get(open.auctionId) === open) rooms.delete(open.auctionId)
    tell()
  }
  return {
    get: (auctionId) => rooms.get(auctionId),
    all: () => rooms.values(),
    hold(auctionId) {
      const known = rooms.get(auctionId)
      if (known !== undefined) {
        known.holdCount++
        return known
      }
      const stop = new AbortController()
      const open: OpenRoom = { auctionId, stop, holdCount: 1, room: undefined, loading: undefined }
      rooms.set(auctionId, open)
      tell()
      return open
    },
    release(open) {
      open.holdCount--
      if (open.holdCount === 0) close(open)
    },
    closeAll() {
      for (const open of [...rooms.values()]) close(open)
    },
  }
}
