import type { Clock, Timer } from '../../lib/clock.ts'
import type { WatchedKeys } from './watch-stream.ts'

/** How often what is beyond the budget of watches is looked at. */
export const pollEveryMs = 1_000
/** Every so many polls all watches are looked at: etcd 3.4 has been seen to lose watchers without a word. */
const pollsPerCheck = 10

export interface Polled {
  readonly keys: WatchedKeys
  /** Beyond the budget: no watcher tells of it. */
  isPolled: boolean
  fingerprint: string | undefined
}

export interface Polls {
  start(): void
  stop(): void
}

/** Looks at watched keys without a watch, and rings those that are not what they were. Stops by itself when none are left. */
export function createPolls<T extends Polled>(deps: {
  clock: Clock
  targets: () => readonly T[]
  isServing: () => boolean
  look: (watched: readonly WatchedKeys[]) => Promise<string[]>
  ring: (target: T) => void
}): Polls {
  let pollCount = 0
  let timer: Timer | undefined

  async function lookAt(due: readonly T[]): Promise<void> {
    if (due.length === 0 || !deps.isServing()) return
    const fingerprints = await deps.look(due.map((target) => target.keys))
    due.forEach((target, index) => {
      const fingerprint = fingerprints[index]
      // The first look rings too: what was missed since the watch was armed cannot be told.
      if (fingerprint !== target.fingerprint) deps.ring(target)
      target.fingerprint = fingerprint
    })
  }
  function arm() {
    const armed = deps.clock.setTimer(pollEveryMs, () => {
      const isCheck = ++pollCount % pollsPerCheck === 0
      const targets = deps.targets()
      const due = isCheck ? targets : targets.filter((target) => target.isPolled)
      void lookAt(due)
        .catch(() => undefined) // the next poll looks again
        .then(() => {
          if (timer !== armed) return
          if (deps.targets().length === 0) timer = undefined
          else arm()
        })
    })
    timer = armed
  }
  return {
    start() {
      if (timer === undefined) arm()
    },
    stop() {
      timer?.cancel()
      timer = undefined
    },
  }
}
