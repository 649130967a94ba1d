import { decide } from '../../src/auction/decide.ts'
import type { Command } from '../../src/auction/commands.ts'
import type { Decision } from '../../src/auction/decision.ts'
import { fold } from '../../src/auction/evolve.ts'
import type { Person } from '../../src/auction/person.ts'
import { isFinal } from '../../src/auction/rejection.ts'
import { minimumNextBid, view } from '../../src/auction/view.ts'
import type {
  AuctionRecord,
  BidAcceptance,
  BidOutcome,
  BidRequest,
  CreateOutcome,
  Engine,
  FeedEncoder,
  LiveFeeds,
  NewAuction,
  SequencedEvent,
  ServiceState,
  Viewer,
} from '../../src/engine/engine.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { newUlid } from '../../src/lib/ulid.ts'

interface Lot {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly events: SequencedEvent[]
  readonly viewers: Set<Viewer>
  readonly acceptances: Map<string, BidAcceptance>
}

/** An engine of one node that keeps everything in a map, decides by the real rules, and fails when told to. */
export interface FakeEngine extends Engine {
  /** What `time.now()` says; undefined is unsettled. */
  nowMs: number | undefined
  /** In place of deciding bids. */
  placing: ((bid: BidRequest) => Promise<BidOutcome>) | undefined
  /** In place of the feeds. */
  feeding: LiveFeeds['subscribe'] | undefined
  /** How full the store is, in percent. */
  fillPercent: number | undefined
  /** Thrown by the catalogue and the guests while set. */
  failure: Error | undefined
  members: string[]
  setService(state: ServiceState): void
  /** As the leader would. */
  close(auctionId: string): void
  /** Looks every token up again, as a node does that has not seen it. */
  believeNobody(): void
  /** How the store was asked for tokens. */
  readonly tokenReads: string[]
  readonly placed: BidRequest[]
  readonly viewerCount: number
  /** Calls of `catalogue.list`. */
  readonly listCount: number
}

export function createFakeEngine(encoder: FeedEncoder): FakeEngine {
  const entropy = seededEntropy(7)
  const lots = new Map<string, Lot>()
  const keys = new Map<string, { id: string; body: string }>()
  const people = new Map<string, { person: Person; sessionId: string }>()
  const believed = new Set<string>()
  const tickets = new Map<string, { person: Person; sessionId: string }>()
  const ended = new Set<string>()
  const endListeners = new Set<Parameters<Engine['guests']['onEnded']>[0]>()
  const listeners = new Set<(state: ServiceState) => void>()
  const placed: BidRequest[] = []
  let listCount = 0
  let service: ServiceState = { state: 'serving' }

  const expiresAt = Date.UTC(2026, 0, 31)
  const join = (token: string, person: Person, sessionId = token) => {
    people.set(token, { person, sessionId })
    return person
  }
  const sessionOf = (token: string, known: { person: Person; sessionId: string }) => ({
    person: known.person,
    ...{ id: known.sessionId, root: known.sessionId, tokenHash: token },
    ...{ seenAt: 0, expiresAt, generation: 0 },
  })
  const stateOf = (lot: Lot) => fold(lot.events.map(({ event }) => event))!
  const recordOf = (lot: Lot): AuctionRecord => ({
    id: lot.id,
    epoch: 'e1',
    title: lot.title,
    description: lot.description,
    auction: view(stateOf(lot)),
  })
  const at = () => engine.nowMs ?? 0
  const fail = () => {
    if (engine.failure !== undefined) throw engine.failure
  }
  const append = (lot: Lot, decision: Decision) => {
    if (!decision.ok) return
    const prevSeq = lot.events.length
    for (const event of decision.events) lot.events.push({ seq: lot.events.length + 1, event })
    const frame = encoder.events({
      auctionId: lot.id,
      epoch: 'e1',
      prevSeq,
      seq: lot.events.length,
      events: lot.events.slice(prevSeq),
      record: recordOf(lot),
    })
    for (const viewer of lot.viewers) viewer.send(frame)
  }
  const command = (lot: Lot, asked: Command): Decision => {
    const decision = decide(stateOf(lot), asked)
    append(lot, decision)
    return decision
  }

  const create = (auction: NewAuction): CreateOutcome => {
    const { idempotencyKey, ...body } = auction
    const key = `${auction.seller.id} ${idempotencyKey ?? ''}`
    const known = idempotencyKey === undefined ? undefined : keys.get(key)
    if (known !== undefined) {
      if (known.body !== JSON.stringify(body)) return { ok: false, code: 'idempotency-key-reused' }
      return { ok: true, record: recordOf(lots.get(known.id)!) }
    }
    const startsAt = Math.max(at(), auction.startsAt ?? at())
    const endsAt = auction.endsAt ?? startsAt + (auction.durationMs ?? 0)
    const conditions = { ...auction, startsAt, endsAt }
    const decision = decide(undefined, { type: 'CreateAuction', at: at(), ...auction, conditions })
    if (!decision.ok) {
      if (decision.rejection.code !== 'bad-conditions') throw new Error(decision.rejection.code)
      return { ok: false, ...decision.rejection }
    }
    const id = newUlid(at(), entropy)
    const lot: Lot = {
      id,
      title: auction.title,
      description: auction.description,
      events: decision.events.map((event, index) => ({ seq: index + 1, event })),
      viewers: new Set(),
      acceptances: new Map(),
    }
    lots.set(id, lot)
    keys.set(key, { id, body: JSON.stringify(body) })
    return { ok: true, record: recordOf(lot) }
  }

  const place = (bid: BidRequest): BidOutcome => {
    const { auctionId, bidId, bidder, amountMinor } = bid
    const lot = lots.get(auctionId)
    if (lot === undefined) {
      return { outcome: 'rejected', bidId, code: 'no-such-auction', final: false }
    }
    const key = `${bidder.id} ${bidId}`
    const before = lot.acceptances.get(key)
    if (before !== undefined) {
      if (before.amountMinor === amountMinor) return before
      return { outcome: 'rejected', bidId, code: 'bid-id-reused', final: false }
    }
    const decision = command(lot, { type: 'PlaceBid', at: at(), bidId, bidder, amountMinor })
    const state = stateOf(lot)
    const seq = lot.events.length
    if (!decision.ok) {
      const { rejection } = decision
      const code = rejection.code === 'late' ? 'closing' : rejection.code
      return {
        outcome: 'rejected',
        bidId,
        code: code as 'closed',
        final: isFinal(rejection.code),
        seq,
        endsAt: state.endsAt,
        ...(rejection.code === 'bid-too-low' &&
          rejection.minimumMinor !== null && { minimumNextBidMinor: rejection.minimumMinor }),
      }
    }
    const acceptance: BidAcceptance = {
      outcome: 'accepted',
      bidId,
      seq: lot.events.findLast(({ event }) => event.type === 'BidAccepted')!.seq,
      amountMinor,
      at: at(),
      minimumNextBidMinor: minimumNextBid(state),
      endsAt: state.endsAt,
    }
    lot.acceptances.set(key, acceptance)
    return acceptance
  }

  const engine: FakeEngine = {
    tokenReads: [],
    believeNobody: () => believed.clear(),
    nowMs: Date.UTC(2026, 0, 1),
    placing: undefined,
    feeding: undefined,
    failure: undefined,
    fillPercent: undefined,
    storeFill: { percent: () => engine.fillPercent },
    members: [],
    placed,
    get viewerCount() {
      return [...lots.values()].reduce((sum, lot) => sum + lot.viewers.size, 0)
    },
    get listCount() {
      return listCount
    },
    setService(state) {
      service = state
      for (const listener of listeners) listener(state)
    },
    close(auctionId) {
      const lot = lots.get(auctionId)!
      const { endsAt } = stateOf(lot)
      command(lot, { type: 'CloseAuction', at: endsAt + 1, servingSince: 0 })
    },
    bidding: {
      async place(bid) {
        placed.push(bid)
        return engine.placing === undefined ? place(bid) : engine.placing(bid)
      },
      timing: (_auctionId, _bidder, bidId) =>
        placed.some((bid) => bid.bidId === bidId)
          ? { waitedMs: 0.5, lockMs: 0, commitMs: 4, batchSize: 1 }
          : undefined,
    },
    catalogue: {
      async create(auction) {
        fail()
        return create(auction)
      },
      async createdBefore(auction) {
        const isKnown = keys.has(`${auction.seller.id} ${auction.idempotencyKey ?? ''}`)
        return isKnown && auction.idempotencyKey !== undefined ? create(auction) : undefined
      },
      async liveAmong(ids) {
        return ids.filter((id) => /scheduled|open/.test(stateOf(lots.get(id)!).phase))
      },
      async get(id) {
        fail()
        const lot = lots.get(id)
        return lot && recordOf(lot)
      },
      async currencyOf(id) {
        fail()
        const lot = lots.get(id)
        return lot && recordOf(lot).auction.currency
      },
      async list({ phase, limit, cursor }) {
        listCount++
        fail()
        if (cursor !== undefined && !/^\d+$/.test(cursor)) return undefined
        const start = Number(cursor ?? 0)
        const all = [...lots.values()]
          .map(recordOf)
          .filter(({ auction }) => phase === undefined || auction.phase === phase)
        const end = start + limit
        return {
          items: all.slice(start, end),
          nextCursor: end < all.length ? String(end) : null,
        }
      },
      async events(id, { after, limit }) {
        fail()
        const lot = lots.get(id)
        if (lot === undefined) return undefined
        const events = lot.events.slice(after, after + limit)
        return { epoch: 'e1', events, seq: lot.events.length }
      },
      async bid(id, bidder, bidId) {
        const lot = lots.get(id)
        if (lot === undefined) return { found: 'no-such-auction' }
        const acceptance = lot.acceptances.get(`${bidder.id} ${bidId}`)
        if (acceptance !== undefined) return { found: true, acceptance }
        return { found: false, final: stateOf(lot).phase === 'closed' }
      },
      async cancel(id, by) {
        const lot = lots.get(id)
        if (lot === undefined) return { ok: false, code: 'no-such-auction' }
        const decision = command(lot, { type: 'CancelAuction', at: at(), by })
        if (decision.ok) return { ok: true, record: recordOf(lot) }
        return { ok: false, code: decision.rejection.code as 'not-seller' }
      },
    },
    feeds: {
      async subscribe(auctionId, viewer, after) {
        if (engine.feeding !== undefined) return engine.feeding(auctionId, viewer, after)
        const lot = lots.get(auctionId)
        if (lot === undefined) return undefined
        const seq = lot.events.length
        if (after?.epoch === 'e1' && after.seq <= seq) {
          const events = lot.events.slice(after.seq)
          const batch = { auctionId, epoch: 'e1', prevSeq: after.seq, seq, events }
          viewer.send(encoder.events({ ...batch, record: recordOf(lot) }))
        } else viewer.send(encoder.snapshot(recordOf(lot), lot.events))
        lot.viewers.add(viewer)
        return { end: () => lot.viewers.delete(viewer) }
      },
      watcherCount: (auctionId) => lots.get(auctionId)?.viewers.size ?? 0,
    },
    guests: {
      async create(name) {
        fail()
        const token = entropy.token(32)
        const person = join(token, { id: newUlid(at(), entropy), name })
        believed.add(token)
        return { token, person, expiresAt }
      },
      async identify(token, { reads = 'fresh' } = {}) {
        fail()
        const known = people.get(token)
        if (known !== undefined && believed.has(token)) return sessionOf(token, known)
        if (reads === 'none') return undefined
        engine.tokenReads.push(reads)
        if (known !== undefined) believed.add(token)
        return known && sessionOf(token, known)
      },
      lookAgain: (token) => engine.guests.identify(token),
      standing: ({ id }) => (ended.has(id) ? 'ended' : 'stands'),
      async end({ id }) {
        ended.add(id)
        for (const [token, known] of people) if (known.sessionId === id) people.delete(token)
        for (const listener of endListeners) listener(new Set([id]))
      },
      async pageToken({ person, id }, shown) {
        const token = `page-token-of-${shown}`
        join(token, person, id)
        return { token, expiresAt }
      },
      async issueTicket({ person, id }) {
        const ticket = entropy.token(32)
        tickets.set(ticket, { person, sessionId: id })
        return { ticket, expiresAt: at() + 30_000 }
      },
      async redeem(ticket) {
        const known = tickets.get(ticket)
        if (!tickets.delete(ticket) || known === undefined) return undefined
        const token = entropy.token(32)
        return { token, person: join(token, known.person, known.sessionId), expiresAt }
      },
      onEnded(listener) {
        endListeners.add(listener)
        return () => endListeners.delete(listener)
      },
    },
    cluster: {
      async status() {
        return {
          nodeId: 'n1',
          leader: { nodeId: 'n1', term: 3 },
          members: [
            { nodeId: 'n1', url: 'http://n1', pid: 1, version: '0', ready: true, clockOffsetMs: 0 },
          ],
          store: {
            kind: 'memory',
            state: 'serving',
            servers: ['memory'],
            watchCount: 1,
            ephemeralCount: 2,
          },
          locks: [],
        }
      },
      lockTurns: () => [{ at: 0, kind: 'revoked', auctionId: 'lot', from: 'n2', count: 1 }],
      get service() {
        return service
      },
      onServiceChange(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      memberUrls: () => engine.members,
    },
    nodes: {
      pass: async ({ to }) => passOf(to),
      admits: async (pass, { to }) => (pass === passOf(to) ? 1 : undefined),
      accepts: async () => true,
      rotate: async () => ({ number: 2, previousUntil: 60_000 }),
    },
    time: {
      now: () => engine.nowMs,
      offsetMs: () => 12,
      errorMs: () => 3,
    },
  }
  return engine
}

/** As long as real ones. */
const passOf = (sessionId: string) => `pass-for-${sessionId}`.padEnd(43, '-')
