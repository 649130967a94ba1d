import type { Client, FeedUpdate } from '../../src/client/client.ts'
import { createClient } from '../../src/client/create-client.ts'
import type { FetchLike, SocketConstructor } from '../../src/client/platform.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'
import type { PositionJson } from '../../src/protocol/up.ts'
import type { FeedEvent } from '../checker/history.ts'
import type { History } from './history-keeper.ts'
import type { WrapClient } from './people.ts'
import type { PlannedAuction } from './plan.ts'
import { type SimProcess, worldBeganAtMs } from './process.ts'

/** Somebody with a page open, on the real client. */
export interface Person {
  readonly name: string
  readonly process: SimProcess
  readonly client: Client
  /** Where this person's feed of an auction is. */
  seqOf(auctionId: string): number
  /** Signs in, watches, bids, until it is over. */
  begin(): void
  /** All of that has ended: no bid of this person is under way. */
  readonly isDone: boolean
  /** Loads the page again: a new client, which resumes the feeds and settles the bids. */
  reload(): void
  /** Asks once more about every bid of which the last word was "unknown". Resolves when all are answered. */
  settle(): Promise<void>
  /** Puts an auction up; undefined when that failed for good. */
  sell(planned: PlannedAuction, key: string): Promise<string | undefined>
}

interface Bid {
  readonly auctionId: string
  readonly bidId: string
  readonly amount: string
}

const settleTriesMax = 4
const sellTriesMax = 30

/** What a bidder does next, as shares. */
const share = { tooLow: 0.08, readFirst: 0.1, repeat: 0.08, jump: 0.1 }

export function createPerson(deps: {
  name: string
  process: SimProcess
  urls: readonly string[]
  platform: { fetch: FetchLike; WebSocket: SocketConstructor }
  thinkMs: number
  auctionIds: readonly string[]
  isOver: { readonly value: boolean }
  history: History
  entropy: Entropy
  wrapClient: WrapClient
}): Person {
  const { name, process, history, entropy, isOver } = deps
  const { clock } = process
  let token: string | undefined
  let userId = ''
  let bidCount = 0
  let isDone = false
  const seen = new Map<string, AuctionJson>()
  const positions = new Map<string, PositionJson>()
  const unsettled = new Map<string, Bid>()
  let watched = new Set<string>()

  const open = (): Client => {
    const own = seededEntropy(Math.floor(entropy.random() * 2 ** 31))
    const { platform, urls } = deps
    return deps.wrapClient(createClient({ urls, token, ...platform, clock, entropy: own }), {
      ...{ entropy: own, clock },
    })
  }
  let client = open()
  const look = () => {
    for (const auctionId of deps.auctionIds) {
      if (watched.has(auctionId)) continue
      watched.add(auctionId)
      const after = positions.get(auctionId)
      const onUpdate = (update: FeedUpdate) => {
        positions.set(auctionId, { epoch: update.epoch, seq: update.seq })
        seen.set(auctionId, update.auction)
        history.add(feedLine(name, update, history.now()))
      }
      client.watch(auctionId, onUpdate, after === undefined ? {} : { after })
    }
  }
  const send = async (bid: Bid, hasEarlierCopies: boolean): Promise<string> => {
    unsettled.set(bid.bidId, bid)
    history.add({ t: 'invoke', atMs: history.now(), bidder: userId, ...bid })
    const { copyCount: copies, ...told } = await client.bid({ ...bid, hasEarlierCopies })
    const { auctionId } = bid
    history.add({ t: 'answer', atMs: history.now(), auctionId, copies, ...told })
    if (told.outcome !== 'unknown') unsettled.delete(bid.bidId)
    return told.outcome
  }
  const bidOn = async (auction: AuctionJson) => {
    const amount = amountFor(auction, entropy)
    const bidId = `${name}-${String(++bidCount).padStart(6, '0')}`
    const bid = { auctionId: auction.id, bidId, amount }
    let outcome = await send(bid, false)
    for (let tries = 1; outcome === 'unknown' && tries < settleTriesMax; tries++)
      outcome = await send(bid, true)
    if (outcome === 'accepted' && entropy.random() < share.repeat) await send(bid, false)
  }
  const live = async () => {
    await signIn()
    while (!isOver.value) {
      await pause(clock, deps.thinkMs * (0.5 + entropy.random()))
      look()
      const ids = deps.auctionIds
      const auctionId = ids[Math.floor(entropy.random() * ids.length)]
      if (auctionId === undefined) continue
      if (entropy.random() < share.readFirst) await read(auctionId)
      const auction = seen.get(auctionId)
      if (auction?.phase === 'open' || auction?.phase === 'scheduled') await bidOn(auction)
    }
  }
  const read = async (auctionId: string) => {
    const invokedMs = history.now()
    try {
      const auction = await client.auctions.get(auctionId, { fresh: true })
      const { seq } = auction
      history.add({ t: 'read', invokedMs, atMs: history.now(), client: name, auctionId, seq })
      if (seq > (seen.get(auctionId)?.seq ?? 0)) seen.set(auctionId, auction)
    } catch {
      // Nobody answered: nothing was read.
    }
  }
  const signIn = async () => {
    while (token === undefined) {
      try {
        const session = await client.session.create(name)
        token = session.token
        userId = session.user.id
      } catch {
        await pause(clock, 200)
      }
    }
  }
  return {
    name,
    process,
    get client() {
      return client
    },
    seqOf: (auctionId) => positions.get(auctionId)?.seq ?? 0,
    get isDone() {
      return isDone
    },
    begin() {
      void live()
        .catch((error: unknown) => history.defect(`${name}: ${String(error)}`))
        .finally(() => (isDone = true))
    },
    reload() {
      process.enter(() => {
        const before = client
        client = open()
        watched = new Set()
        before.close()
        if (token !== undefined) look()
      })
    },
    async settle() {
      for (const bid of unsettled.values()) await send(bid, true)
    },
    async sell(planned, key) {
      await signIn()
      for (let tries = 0; tries < sellTriesMax; tries++) {
        try {
          const body = bodyOf(planned, history.now())
          return (await client.auctions.create(body, { idempotencyKey: key })).id
        } catch {
          await pause(clock, 300)
        }
      }
      return undefined
    },
  }
}

const pause = (clock: Clock, ms: number) => sleep(clock, ms)

function bodyOf(planned: PlannedAuction, nowMs: number): CreateAuctionBody {
  const { startsInMs, durationMs, softClose, mayRaiseOwnBid } = planned
  const startsAtMs = worldBeganAtMs + planned.createMs + (startsInMs ?? 0)
  const isLate = startsAtMs < worldBeganAtMs + nowMs
  return {
    ...{ title: 'A kettle', description: 'It whistles.', currency: 'USD' },
    ...{ startPrice: '10.00', increment: '1.00', durationMs, softClose, mayRaiseOwnBid },
    ...(startsInMs !== undefined && !isLate && { startsAt: new Date(startsAtMs).toISOString() }),
  }
}

function amountFor(auction: AuctionJson, entropy: Entropy): string {
  const random = () => entropy.random()
  const least = Number(auction.minimumNextBid ?? auction.startPrice)
  if (random() < share.tooLow) return Math.max(1, least - 1).toFixed(2)
  return (random() < share.jump ? least + 1 + Math.floor(random() * 5) : least).toFixed(2)
}

function feedLine(watcher: string, update: FeedUpdate, atMs: number) {
  const { auctionId, kind, prevSeq, seq, jump } = update
  const events = update.events.map((event): FeedEvent =>
    event.type === 'BidAccepted'
      ? { seq: event.seq, type: event.type, bidId: event.bidId }
      : { seq: event.seq, type: event.type },
  )
  const wallMs = worldBeganAtMs + atMs
  const { phase, endsAt, extensions, bidCount, standingBid } = update.auction
  const standing = standingBid && { bidder: standingBid.bidder.id, amount: standingBid.amount }
  const shown = { phase, endsAt, extensions, bidCount, standing }
  const facts = { prevSeq, seq, events, shown }
  const line = { t: 'feed', atMs, wallMs, watcher, auctionId, kind, ...facts } as const
  return jump === undefined ? line : { ...line, jump: jump.reason }
}
