import { tooLittle } from '../outage-owed.ts'
import { appendIn, onStore, withParts } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// An extension for an outage is cut to a fifth on its way to the journal.
export const creditShort: Plant = {
  name: 'credit-short',
  bug: 'less time is given back than an outage took',
  rules: [],
  says: tooLittle,
  mode: 'safety',
  replan: stage(({ fault, auction, plan }) => ({
    timing: { ...plan.timing, sessionTimeoutMs: 2_000 },
    auctions: [{ ...auction, durationMs: 7_000 }],
    faults: [fault(5_000, { kind: 'quorum-loss', forMs: 6_000 })],
    faultsEndMs: 19_000,
  })),
  spoil: () =>
    onStore((store) => ({
      commit(commit, options) {
        const append = appendIn(commit)
        const event = append?.batch.events.at(-1)
        const isCredit = event?.type === 'AuctionExtended' && event.reason === 'outage'
        if (append === undefined || !isCredit) return store.commit(commit, options)
        const endsAt = Math.max(event.from, event.at + (event.endsAt - event.at) / 5)
        const events = [...append.batch.events.slice(0, -1), { ...event, endsAt }]
        const batch = { ...append.batch, events }
        const head = { ...append.head, state: { ...append.head.state, endsAt } }
        return store.commit(withParts(commit, { batch, head }), options)
      },
    })),
}
