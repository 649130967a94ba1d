import { tooMuch } from '../outage-truth.ts'
import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

const longAgo = new TextEncoder().encode(JSON.stringify({ term: '1', time: 1 }))

// A node whose link was silent finds no beacon that others wrote meanwhile: it was n2, and n1 leads all the time.
export const linkAsStore: Plant = {
  name: 'link-as-store',
  bug: 'time is given back for the silence of one node’s link',
  rules: [],
  says: tooMuch,
  mode: 'safety',
  replan: stage(({ fault, auction }) => ({
    auctions: [{ ...auction, durationMs: 8_500 }],
    faults: [fault(4_500, { kind: 'silence', target: { nodeId: 'n2' }, forMs: 5_300 })],
    faultsEndMs: 14_000,
  })),
  spoil: () =>
    onStore((store, { nodeId }) => ({
      async get(key, options) {
        const entry = await store.get(key, options)
        const isJudged = nodeId === 'n2' && key === 'clock' && options?.fresh === true
        return entry && isJudged ? { ...entry, value: longAgo } : entry
      },
    })),
}
