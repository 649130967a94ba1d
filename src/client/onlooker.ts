import { asError } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { PositionJson } from '../protocol/up.ts'
import type { FeedUpdate, WatchOptions } from './client.ts'

/** One who watches an auction. What it throws is logged, and costs nobody else anything. */
export interface Onlooker {
  readonly options: WatchOptions
  readonly position: PositionJson | undefined
  tell(update: FeedUpdate): void
  /** Joins a feed that is under way; told in a moment, when the caller has its watch in hand. */
  begin(latest: FeedUpdate): void
  leave(): void
}

export function createOnlooker(
  onUpdate: (update: FeedUpdate) => void,
  options: WatchOptions,
  log: Log,
): Onlooker {
  let position: PositionJson | undefined
  let hasLeft = false
  function tell(update: FeedUpdate): void {
    if (hasLeft) return
    position = { epoch: update.epoch, seq: update.seq }
    try {
      onUpdate(update)
    } catch (error) {
      log.error(
        { auctionId: update.auctionId, error: asError(error) },
        'a listener of a feed threw',
      )
    }
  }
  return {
    options,
    get position() {
      return position
    },
    tell,
    begin: (latest) => queueMicrotask(() => tell(latest)),
    leave() {
      hasLeft = true
    },
  }
}

/** Of the newest events, kept for who joins later. */
const recentMax = 50

/** What a feed knows after an update, as the snapshot that a new onlooker begins with. */
export function latestAfter(latest: FeedUpdate | undefined, update: FeedUpdate): FeedUpdate {
  const { auctionId, epoch, auction, seq } = update
  const before = latest?.epoch === epoch && latest.seq === update.prevSeq ? latest.events : []
  const isRun = update.jump === undefined
  const events = (isRun ? [...before, ...update.events] : update.events).slice(-recentMax)
  return { kind: 'snapshot', auctionId, epoch, events, auction, prevSeq: 0, seq }
}
