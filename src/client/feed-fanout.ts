import type { Log } from '../lib/log.ts'
import type { Down } from '../protocol/down.ts'
import type { PositionJson } from '../protocol/up.ts'
import type { FeedUpdate, Watch, WatchOptions } from './client.ts'
import { createFeedState, type FeedNews } from './feed-state.ts'
import { createOnlooker, latestAfter, type Onlooker } from './onlooker.ts'

/** One auction's subscription on the wire and all who look on. */
export interface FeedFanout {
  readonly position: PositionJson | undefined
  readonly size: number
  /** A node has answered the newest subscribe. */
  readonly isConfirmed: boolean
  /** Gaps since events came in order last. */
  readonly gapCount: number
  /** `isSent`: a subscribe left us. */
  asked(isSent: boolean): void
  heard(frame: Down): 'gap' | 'fine'
  /** Asked twice whether it waits too long for an answer, and it still does. */
  isOverdue(): boolean
  /** Who joins later begins with what is known here. */
  add(onUpdate: (update: FeedUpdate) => void, options: WatchOptions, onLeft: () => void): Watch
  end(reason: 'no-such-auction'): void
}

export function createFeedFanout(after: PositionJson | undefined, log: Log): FeedFanout {
  const feed = createFeedState(after)
  const onlookers = new Set<Onlooker>()
  let latest: FeedUpdate | undefined
  let isConfirmed = false
  let gapCount = 0
  let patience = Number.POSITIVE_INFINITY

  function take(news: FeedNews): 'gap' | 'fine' {
    if (news.kind === 'gap') {
      gapCount++
      return 'gap'
    }
    const isNew = !isConfirmed
    isConfirmed = true
    if (news.kind === 'update') {
      const { update } = news
      if (update.kind === 'events') gapCount = 0
      latest = latestAfter(latest, update)
      for (const onlooker of [...onlookers]) onlooker.tell(update)
    }
    if (isNew && feed.position !== undefined)
      for (const { options } of [...onlookers]) options.onResumed?.(feed.position)
    return 'fine'
  }

  return {
    get position() {
      return feed.position
    },
    get size() {
      return onlookers.size
    },
    get isConfirmed() {
      return isConfirmed
    },
    get gapCount() {
      return gapCount
    },
    asked(isSent) {
      isConfirmed = false
      patience = isSent ? 2 : Number.POSITIVE_INFINITY
    },
    heard(frame) {
      if (frame.type === 'snapshot') return take(feed.snapshot(frame))
      if (frame.type === 'events') return take(feed.events(frame))
      if (frame.type === 'presence')
        for (const { options } of [...onlookers]) options.onPresence?.(frame.watchers)
      return 'fine'
    },
    isOverdue: () => !isConfirmed && --patience < 0,
    add(onUpdate, options, onLeft) {
      const onlooker = createOnlooker(onUpdate, options, log)
      onlookers.add(onlooker)
      if (latest !== undefined) onlooker.begin(latest)
      return {
        get position() {
          return onlooker.position
        },
        end() {
          onlooker.leave()
          if (onlookers.delete(onlooker)) onLeft()
        },
      }
    },
    end(reason) {
      const left = [...onlookers]
      onlookers.clear()
      for (const { options } of left) options.onEnd?.(reason)
    },
  }
}
