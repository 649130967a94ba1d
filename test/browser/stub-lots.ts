import type { Command } from '../../src/auction/commands.ts'
import type { Conditions } from '../../src/auction/conditions.ts'
import { decide } from '../../src/auction/decide.ts'
import { evolve } from '../../src/auction/evolve.ts'
import type { Person } from '../../src/auction/person.ts'
import type { Rejection } from '../../src/auction/rejection.ts'
import type { Auction } from '../../src/auction/state.ts'
import { view } from '../../src/auction/view.ts'
import type { AuctionRecord, SequencedEvent } from '../../src/engine/engine.ts'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { newUlid } from '../../src/lib/ulid.ts'

/** Auctions in memory under the real rules: what the nodes of a stub cluster share. */
export interface StubLots {
  create(
    lot: { title: string; description?: string; seller?: Person } & Partial<Conditions>,
  ): string
  /** Undefined when it happened. */
  command(id: string, command: Command): Rejection | undefined
  record(id: string): AuctionRecord | undefined
  all(): AuctionRecord[]
  events(id: string): readonly SequencedEvent[]
  onEvents(listener: (id: string, prevSeq: number) => void): () => void
}

interface Lot {
  title: string
  description: string
  state: Auction
  events: SequencedEvent[]
}

export const house: Person = { id: 'house', name: 'The House' }

export function createStubLots(): StubLots {
  const lots = new Map<string, Lot>()
  const listeners = new Set<(id: string, prevSeq: number) => void>()
  const record = (id: string): AuctionRecord | undefined => {
    const lot = lots.get(id)
    if (lot === undefined) return undefined
    const { title, description, state } = lot
    return { id, epoch: 'stub', title, description, auction: view(state) }
  }
  return {
    create({ title, description = '', seller = house, ...over }) {
      const at = Date.now()
      const conditions: Conditions = {
        currency: 'USD',
        startPriceMinor: 10_000,
        increments: [{ fromMinor: 0, stepMinor: 500 }],
        startsAt: at,
        endsAt: at + 600_000,
        softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add', maxExtensions: 10 },
        mayRaiseOwnBid: false,
        ...over,
      }
      const decision = decide(undefined, { type: 'CreateAuction', at, seller, conditions })
      if (!decision.ok) throw new Error(JSON.stringify(decision.rejection))
      let state: Auction | undefined
      for (const event of decision.events) state = evolve(state, event)
      const id = newUlid(at, systemEntropy)
      const events = decision.events.map((event, index) => ({ seq: index + 1, event }))
      lots.set(id, { title, description, state: must(state, 'auction'), events })
      return id
    },
    command(id, command) {
      const lot = must(lots.get(id), 'lot')
      const decision = decide(lot.state, command)
      if (!decision.ok) return decision.rejection
      const prevSeq = lot.events.length
      for (const event of decision.events) {
        lot.state = evolve(lot.state, event)
        lot.events.push({ seq: lot.events.length + 1, event })
      }
      for (const listener of listeners) listener(id, prevSeq)
      return undefined
    },
    record,
    all: () => [...lots.keys()].map((id) => must(record(id), 'lot')),
    events: (id) => lots.get(id)?.events ?? [],
    onEvents(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
