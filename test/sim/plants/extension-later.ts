import { encodeBatch, encodeHead } from '../../../src/engine/codec.ts'
import type { EngineDeps } from '../../../src/engine/create-engine.ts'
import type { Commit, Guard, Store } from '../../../src/store/store.ts'
import { type AppendParts, appendIn, onStore, withParts } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

const laterMs = 100

// A late bid's extension is cut from its commit and written by one of its own, right before the next commit or a moment later.
// A crash, or a lock that is lost, in between leaves a bid that should have moved the end and did not.
export const extensionLater: Plant = {
  name: 'extension-later',
  bug: 'an extension is committed after the bid that caused it',
  rules: ['end-recomputed'],
  mode: 'safety',
  replan: stage(({ fault, auction }) => ({
    auctions: [{ ...auction, softClose }],
    faults: [4_500, 5_700].map((atMs) =>
      fault(atMs, { kind: 'kill', target: 'holder', isTold: true, forMs: 800 }),
    ),
  })),
  spoil: () => onStore(createCutter),
}

const softClose = { windowMs: 20_000, extensionMs: 500, mode: 'add', maxExtensions: 100 } as const

function createCutter(store: Store, { clock }: EngineDeps): Pick<Store, 'commit'> {
  const owed = new Map<string, () => Promise<void>>()
  const pay = async (headKey: string) => {
    const payment = owed.get(headKey)
    owed.delete(headKey)
    await payment?.()
  }
  return {
    async commit(commit, options) {
      const append = appendIn(commit)
      if (append === undefined) return store.commit(commit, options)
      const { headKey, slotKey } = append
      await pay(headKey)
      const cut = withoutExtensions(append)
      if (cut === undefined) return store.commit(commit, options)
      const result = await store.commit(withParts(commit, cut), options)
      if (!result.ok) return result
      owed.set(headKey, () => extend(store, commit, append, cut))
      clock.setTimer(laterMs, () => void pay(headKey).catch(() => undefined))
      // The engine reads what lies there now.
      return { ok: false, failed: [{ kind: 'absent', key: slotKey }] }
    },
  }
}

type Cut = Pick<AppendParts, 'batch' | 'head'>

function withoutExtensions({ batch, head }: AppendParts): Cut | undefined {
  const events = batch.events.filter((event) => !isSoftClose(event))
  const cutCount = batch.events.length - events.length
  if (cutCount === 0 || head.state.phase !== 'open') return undefined
  const cut = { ...batch, events }
  const state = {
    ...head.state,
    seq: head.state.seq - cutCount,
    endsAt: batch.endsAtBefore,
    extensionCount: head.state.extensionCount - cutCount,
  }
  return { batch: cut, head: { ...head, batch: cut, seq: head.seq - cutCount, state } }
}

async function extend(store: Store, commit: Commit, whole: AppendParts, cut: Cut): Promise<void> {
  const { batch, head } = cut
  const now = await store.get(whole.headKey, { fresh: true })
  const slot = batch.slot + 1
  const later = {
    ...{ batchId: `${batch.batchId}x`, slot, firstSeq: head.seq + 1 },
    ...{ endsAtBefore: batch.endsAtBefore, events: whole.batch.events.filter(isSoftClose) },
  }
  const proof = commit.guards.filter(({ kind }) => kind === 'present')
  const version = now?.version ?? ''
  const unchanged: Guard = { kind: 'unchanged', key: whole.headKey, version }
  await store.commit({
    guards: [...proof, unchanged],
    writes: [
      {
        kind: 'create',
        key: whole.slotKey.replace(/\d+$/, String(slot).padStart(10, '0')),
        value: encodeBatch(later),
      },
      {
        kind: 'put',
        key: whole.headKey,
        value: encodeHead({ ...whole.head, slot, batch: later }),
      },
    ],
  })
}

const isSoftClose = (event: { type: string; reason?: string }) =>
  event.type === 'AuctionExtended' && event.reason === 'soft-close'
