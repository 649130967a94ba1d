import type { CancelAuction } from '../auction/commands.ts'
import type { Person } from '../auction/person.ts'
import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { ulidTimeMs } from '../lib/ulid.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { completeCopy, findAcceptance, findStoredAcceptance } from './acceptance.ts'
import type { ActivePeople } from './active-people.ts'
import type { AuctionList } from './auction-list.ts'
import type { Bids } from './bidding.ts'
import type { Copies, Copy } from './copies.ts'
import { createAuction, createdBefore, Unsettled } from './creation.ts'
import type {
  AuctionRecord,
  CancelOutcome,
  Catalogue,
  ClusterTime,
  CreateOutcome,
  EventPage,
  NewAuction,
} from './engine.ts'
import type { Journal } from './journal.ts'
import { engineLimits } from './limits.ts'
import { readPage } from './list-page.ts'
import type { Lots } from './lots.ts'

export interface CatalogueDeps {
  store: Store
  clock: Clock
  entropy: Entropy
  time: ClusterTime
  journal: Journal
  copies: Copies
  lots: Lots
  list: AuctionList
  bidding: Bids
  active: ActivePeople
  liveLimits: LiveLimits
}

/** How many auctions may be scheduled or open. */
export interface LiveLimits {
  readonly liveAuctionsMax: number
  readonly liveAuctionsPerSellerMax: number
}

/**
 * An auction's id has the cluster time of its creation. After so long every server of the store has it (one that is further behind
 * serves no session), so what a plain read does not find is not there: a stranger's invented ids cost no fresh reads.
 */
const newForMs = 120_000

/** Creates, reads, lists and cancels auctions. A name that is unknown here, but might be new, is looked for with a fresh read. */
export function createCatalogue(deps: CatalogueDeps): Catalogue {
  const { copies, lots } = deps

  const find = async (id: string, isFresh = false): Promise<Copy | undefined> =>
    isFresh ? copies.load(id, { fresh: true }) : findNear(deps, id)
  const known = async (id: string) => copies.peek(id) ?? (await find(id))
  const record = async (copy: Copy): Promise<AuctionRecord> =>
    lots.record(copy.id, await lots.lotOf(copy.id), copy.head, copy.head.state)

  const answerAgain = async (auction: NewAuction): Promise<CreateOutcome | undefined> => {
    const before = await createdBefore(deps.store, auction)
    if (before === undefined || !before.ok) return before
    const copy = must(await find(before.auctionId), 'the auction created before')
    return { ok: true, record: await record(copy) }
  }

  return {
    async create(auction) {
      const of = await whoseAreTooMany(deps, auction.seller.id)
      if (of !== undefined) {
        return (await answerAgain(auction)) ?? { ok: false, code: 'too-many-auctions', of }
      }
      const created = await createAuction(deps, auction)
      if (!created.ok) return created
      deps.active.note(auction.seller.id)
      await deps.list.add(created.auctionId)
      const copy = must(await find(created.auctionId, true), 'the auction just created')
      return { ok: true, record: await record(copy) }
    },
    createdBefore: answerAgain,
    async liveAmong(ids) {
      await deps.list.read()
      return ids.filter((id) => deps.list.isLive(id))
    },
    async get(id, options) {
      const copy = await find(id, options?.fresh)
      return copy === undefined ? undefined : record(copy)
    },
    async currencyOf(id) {
      const copy = await known(id)
      return copy?.head.state.conditions.currency
    },
    list: (query) =>
      readPage(deps.list, query, async (id) => record(must(await known(id), 'auction'))),
    events: (id, query) => readEvents(deps, id, query),
    async bid(id, bidder, bidId) {
      const wanted = { bidderId: bidder.id, bidId }
      const known = copies.peek(id)
      const stored = known && (await findStoredAcceptance(deps.journal, known, wanted))
      if (stored !== undefined) return { found: true, acceptance: stored }
      const copy = await completeCopy(copies, id, { fresh: true })
      if (copy === undefined) return { found: 'no-such-auction' }
      const acceptance = await findAcceptance(deps.journal, copy, wanted)
      if (acceptance !== undefined) return { found: true, acceptance }
      const { phase } = copy.head.state
      return { found: false, final: phase === 'closed' || phase === 'cancelled' }
    },
    cancel: (id, by) => cancel(deps, id, by, record),
  }
}

/**
 * By the list, which is about a second old: those who create at the same time may go over by what they create in it.
 */
async function whoseAreTooMany(
  { list, liveLimits }: CatalogueDeps,
  sellerId: string,
): Promise<'seller' | 'cluster' | undefined> {
  const { liveAuctionsMax, liveAuctionsPerSellerMax } = liveLimits
  if (liveAuctionsMax === Infinity && liveAuctionsPerSellerMax === Infinity) return undefined
  await list.read()
  if (list.liveCount >= liveAuctionsMax) return 'cluster'
  const count = list.liveCountOf(sellerId)
  return count >= liveAuctionsPerSellerMax ? 'seller' : undefined
}

/** @returns a copy that may be old; undefined only for what is not there */
async function findNear({ copies, time }: CatalogueDeps, id: string): Promise<Copy | undefined> {
  const near = await copies.load(id)
  if (near !== undefined) return near
  const now = time.now()
  const mayBeNew = now === undefined || ulidTimeMs(id) > now - newForMs
  return mayBeNew ? copies.load(id, { fresh: true }) : undefined
}

async function readEvents(
  deps: CatalogueDeps,
  id: string,
  { after, limit }: { after: number; limit: number },
): Promise<EventPage | undefined> {
  const { copies, journal, lots } = deps
  let copy = await findNear(deps, id)
  if (copy !== undefined && after > copy.head.seq) copy = await copies.load(id, { fresh: true })
  if (copy === undefined) return undefined
  const { head } = copy
  const page: EventPage = { epoch: lots.epochOf(head), events: [], seq: head.seq }
  if (after >= head.seq) return page
  let slot = await journal.seekSlot(id, head, after + 1)
  while (page.events.length < limit && slot <= head.slot) {
    const last = Math.min(head.slot, slot + engineLimits.parallelReads - 1)
    const stored = await journal.readBatches(id, slot, Math.min(last, head.slot - 1))
    const batches = last === head.slot ? [...stored, head.batch] : stored
    for (const { firstSeq, events } of batches) {
      for (const [index, event] of events.entries()) {
        const seq = firstSeq + index
        if (seq > after && page.events.length < limit) page.events.push({ seq, event })
      }
    }
    slot = last + 1
  }
  return page
}

async function cancel(
  { bidding, time }: CatalogueDeps,
  id: string,
  by: Person,
  record: (copy: Copy) => Promise<AuctionRecord>,
): Promise<CancelOutcome> {
  const at = time.now()
  if (at === undefined) throw new Unsettled()
  const command: CancelAuction = { type: 'CancelAuction', at, by }
  const outcome = await bidding.handle(id, { command, proof: [] })
  switch (outcome.kind) {
    case 'done':
      return { ok: true, record: await record(outcome.copy) }
    case 'no-such-auction':
      return { ok: false, code: 'no-such-auction' }
    case 'refused': {
      const { code } = outcome.rejection
      const isTold = code === 'not-seller' || code === 'has-bids' || code === 'closed'
      return { ok: false, code: isTold ? code : 'overloaded' }
    }
    case 'failed':
      if (outcome.code === 'suspended') throw new Suspended()
      if (outcome.code === 'unknown') throw new OutcomeUnknown()
      return { ok: false, code: outcome.code }
    case 'disproved':
      return { ok: false, code: 'overloaded' }
  }
}
