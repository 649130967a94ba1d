import type { Clock } from '../../lib/clock.ts'
import { createDoorbell, type Doorbell } from '../../lib/doorbell.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { assertKey } from '../key.ts'
import type { WatchTarget } from '../store.ts'
import type { KeyLayout } from './key-layout.ts'
import { createPolls, type Polled } from './polls.ts'
import type { Seen } from './reads.ts'
import { createWatchBudget } from './watch-budget.ts'
import type { Watched, WatchLine } from './watch-line.ts'
import type { WatchedKeys } from './watch-stream.ts'

/** All watches of one client; those who watch the same share one watcher. */
export interface Watches {
  readonly count: number
  watch(target: WatchTarget, signal: AbortSignal): AsyncIterable<void>
  /** After a suspension. */
  ringAll(): void
  close(): void
}

interface Target extends Watched, Polled {
  readonly bells: Set<Doorbell>
}

export function createWatches(deps: {
  clock: Clock
  metrics: Metrics
  layout: KeyLayout
  line: WatchLine
  seen: Seen
  isServing: () => boolean
  look: (watched: readonly WatchedKeys[]) => Promise<string[]>
}): Watches {
  const { layout, seen } = deps
  const budget = createWatchBudget(deps)
  const targets = new Map<string, Target>()
  let isClosed = false

  const ring = (target: Target) => {
    // While suspended nobody could look; ringAll comes when we serve again.
    if (deps.isServing()) for (const bell of target.bells) bell.ring()
  }
  const all = () => [...targets.values()]
  const polls = createPolls({ ...deps, ring, targets: all })

  function add(name: string, keys: WatchedKeys): Target {
    const added: Target = {
      ...{ keys, bells: new Set<Doorbell>(), isPolled: false, fingerprint: undefined },
      ring(revision) {
        seen.at(revision)
        ring(added)
      },
    }
    targets.set(name, added)
    budget.place(added)
    polls.start()
    return added
  }
  return {
    get count() {
      return targets.size
    },
    async *watch(target, signal) {
      const name = 'key' in target ? `=${target.key}` : `/${target.dir}`
      assertKey(name.slice(1))
      if (isClosed || signal.aborted) return
      const bell = createDoorbell(signal)
      const known = targets.get(name)
      const shared = known ?? add(name, keysOf(layout, target))
      shared.bells.add(bell)
      // A watch that is being armed rings then; one that stands, or never will, rings at once.
      if ((known !== undefined || shared.isPolled) && deps.isServing()) bell.ring()
      try {
        yield* bell
      } finally {
        shared.bells.delete(bell)
        if (shared.bells.size === 0 && targets.delete(name)) budget.release(shared)
      }
    },
    ringAll: () => targets.forEach(ring),
    close() {
      isClosed = true
      polls.stop()
      for (const bell of all().flatMap(({ bells }) => [...bells])) bell.close()
    },
  }
}

function keysOf(layout: KeyLayout, target: WatchTarget): WatchedKeys {
  return 'key' in target ? { key: layout.leaf(target.key) } : layout.leavesOf(target.dir)
}
