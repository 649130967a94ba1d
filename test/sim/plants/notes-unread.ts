import { tooMuch } from '../outage-truth.ts'
import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Whoever judges an outage does not look whether somebody served meanwhile.
export const notesUnread: Plant = {
  name: 'notes-unread',
  bug: 'time without a leader is given back, though bids were taken',
  rules: [],
  says: tooMuch,
  mode: 'safety',
  // n1 leads and dies; n2 knows the time and serves; n3 comes anew, and leads when n2 has gone as well.
  replan: stage(({ auction, plan, fault }) => ({
    nodes: plan.nodes.map((node, index) => ({ ...node, startMs: index * 1_000 })),
    auctions: [{ ...auction, durationMs: 9_000 }],
    faults: [
      fault(5_000, { kind: 'kill', target: { nodeId: 'n3' }, forMs: 2_000, isTold: true }),
      fault(6_000, { kind: 'kill', target: { nodeId: 'n1' }, forMs: 30_000, isTold: true }),
      fault(11_000, { kind: 'kill', target: { nodeId: 'n2' }, forMs: 30_000, isTold: true }),
    ],
    faultsEndMs: 24_000,
  })),
  spoil: () =>
    onStore((store) => ({
      get: (key, options) =>
        key === 'config/served' && options?.fresh === true
          ? Promise.resolve(undefined)
          : store.get(key, options),
    })),
}
