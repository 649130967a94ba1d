import type { Clock } from '../lib/clock.ts'
import type { Viewer } from './engine.ts'
import { engineLimits } from './limits.ts'

/**
 * One socket in a room. Above `slowBytes` buffered it is conflated: frames are skipped, and a snapshot follows when it has
 * read on. Above `slowBytesMax`, or conflated for `slowMsMax`, it is given up as too slow.
 */
export interface FeedViewer {
  /** The next frame, or later a snapshot in place of it. */
  offer(frame: string, snapshot: () => string): void
  /** A frame that nobody misses. */
  offerIdle(frame: string): void
  tend(snapshot: () => string): void
}

export function createFeedViewer(viewer: Viewer, clock: Clock): FeedViewer {
  let slowSinceMs: number | undefined
  let isGivenUp = false

  const giveUp = () => {
    isGivenUp = true
    viewer.tooSlow()
  }
  const tend = (snapshot: () => string) => {
    if (isGivenUp || slowSinceMs === undefined) return
    const bytes = viewer.bufferedBytes()
    if (bytes > engineLimits.slowBytesMax) giveUp()
    else if (bytes < engineLimits.slowBytes / 2) {
      slowSinceMs = undefined
      viewer.send(snapshot())
    } else if (clock.monotonicMs() - slowSinceMs > engineLimits.slowMsMax) giveUp()
  }
  return {
    offer(frame, snapshot) {
      if (isGivenUp) return
      if (slowSinceMs !== undefined) tend(snapshot)
      else if (viewer.bufferedBytes() > engineLimits.slowBytes) slowSinceMs = clock.monotonicMs()
      else viewer.send(frame)
    },
    offerIdle(frame) {
      if (!isGivenUp && slowSinceMs === undefined) viewer.send(frame)
    },
    tend,
  }
}
