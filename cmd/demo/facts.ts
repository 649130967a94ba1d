import type { Clock } from '../../src/lib/clock.ts'
import type { DemoDeed, DemoFactJson } from '../../src/protocol/demo.ts'

/** What was done to nodes, and how soon the next bid was acknowledged after it. */
export interface Facts {
  readonly list: readonly DemoFactJson[]
  add(kind: DemoFactJson['kind'], nodeId: string): void
  /** A bid in the auction on the stage was acknowledged. */
  stageBid(): void
}

export const factOf: Readonly<Record<DemoDeed, DemoFactJson['kind']>> = {
  kill: 'killed',
  freeze: 'frozen',
  thaw: 'thawed',
  restart: 'restarted',
}

const factsMax = 40

export function createFacts(clock: Clock): Facts {
  let list: readonly DemoFactJson[] = []
  let count = 0
  const happenedAtMs = new Map<number, number>()
  return {
    get list() {
      return list
    },
    add(kind, nodeId) {
      const id = ++count
      if (kind !== 'thawed' && kind !== 'restarted') happenedAtMs.set(id, clock.monotonicMs())
      const at = new Date(clock.wallMs()).toISOString()
      list = [...list, { id, at, nodeId, kind }].slice(-factsMax)
    },
    stageBid() {
      if (happenedAtMs.size === 0) return
      const nowMs = clock.monotonicMs()
      list = list.map((fact) => {
        const atMs = happenedAtMs.get(fact.id)
        return atMs === undefined ? fact : { ...fact, nextBidAfterMs: Math.round(nowMs - atMs) }
      })
      happenedAtMs.clear()
    },
  }
}
