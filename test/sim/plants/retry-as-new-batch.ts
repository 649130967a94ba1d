import { evolve } from '../../../src/auction/evolve.ts'
import type { Auction } from '../../../src/auction/state.ts'
import { decodeHead } from '../../../src/engine/codec.ts'
import { OutcomeUnknown } from '../../../src/store/errors.ts'
import type { Commit, Store } from '../../../src/store/store.ts'
import { type AppendParts, appendIn, onStore, withParts } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// After an answer that got lost the events are appended once more, behind whatever is there now. Nobody reads the slot first
// to see whether they stand already.
export const retryAsNewBatch: Plant = {
  name: 'retry-as-new-batch',
  bug: 'after an unknown outcome the same events are committed as a new batch',
  rules: ['bid-once', 'price-rises'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: Array.from({ length: 12 }, (_, index) =>
      fault(3_800 + index * 350, { kind: 'drop-reply', target: 'holder' }),
    ),
    faultsEndMs: 9_000,
  })),
  spoil: () =>
    onStore((store) => ({
      async commit(commit, options) {
        const append = appendIn(commit)
        try {
          return await store.commit(commit, options)
        } catch (error) {
          if (!(error instanceof OutcomeUnknown) || append === undefined) throw error
          return again(store, commit, append)
        }
      },
    })),
}

async function again(store: Store, commit: Commit, { batch, headKey, head }: AppendParts) {
  const entry = await store.get(headKey, { fresh: true })
  if (entry === undefined) throw new OutcomeUnknown()
  const now = decodeHead(headKey, entry.value)
  const slot = now.slot + 1
  const next = { ...batch, batchId: `${batch.batchId}r`, slot, firstSeq: now.seq + 1 }
  const state = batch.events.reduce<Auction>((before, event) => evolve(before, event), now.state)
  const seq = now.seq + batch.events.length
  const guards = commit.guards.map((guard) =>
    guard.key === headKey ? { ...guard, version: entry.version } : guard,
  )
  const later = withParts(commit, { batch: next, head: { ...head, slot, seq, state, batch: next } })
  return store.commit({ ...later, guards })
}
