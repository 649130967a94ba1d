import { appendIn, onStore, withParts } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The head does not keep which outages were given back: whoever closes gives the time again.
export const creditTwice: Plant = {
  name: 'credit-twice',
  bug: 'time lost to an outage is given back again and again',
  rules: ['outage-once'],
  mode: 'safety',
  replan: stage(({ fault, auction, plan }) => ({
    timing: { ...plan.timing, sessionTimeoutMs: 2_000 },
    auctions: [{ ...auction, durationMs: 4_000 }],
    faults: [fault(5_000, { kind: 'quorum-loss', forMs: 4_000 })],
    faultsEndMs: 19_000,
  })),
  spoil: () =>
    onStore((store) => ({
      async commit(commit, options) {
        const append = appendIn(commit)
        if (append?.head.state.phase !== 'open') return store.commit(commit, options)
        const { batch, head, slotKey } = append
        const state = { ...append.head.state, creditedOutages: [], creditedUntil: 0 }
        const result = await store.commit(withParts(commit, { batch, head: { ...head, state } }))
        // The engine reads what lies there now, in place of what it remembers.
        return result.ok ? { ok: false, failed: [{ kind: 'absent', key: slotKey }] } : result
      },
    })),
}
