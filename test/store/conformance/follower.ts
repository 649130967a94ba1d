import type { Store, WatchTarget } from '../../../src/store/store.ts'

/** Does what every user of a watch must do: reads on each ring. `onRing` failures (a break) wait for the next ring. */
export interface Follower {
  readonly rings: number
  readonly hasEnded: boolean
  stop(): Promise<void>
}

export function follow(
  store: Store,
  target: WatchTarget,
  onRing: () => Promise<void> | void = () => undefined,
): Follower {
  const stopping = new AbortController()
  let rings = 0
  let hasEnded = false
  const running = (async () => {
    for await (const _ of store.watch(target, { signal: stopping.signal })) {
      rings++
      try {
        await onRing()
      } catch {
        continue
      }
    }
    hasEnded = true
  })()
  return {
    get rings() {
      return rings
    },
    get hasEnded() {
      return hasEnded
    },
    stop() {
      stopping.abort()
      return running
    },
  }
}
