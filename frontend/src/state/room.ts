import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client, FeedUpdate } from '../../../src/client/client.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { Entropy } from '../../../src/lib/entropy.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { EventJson } from '../../../src/protocol/event.ts'
import type { LastBid } from './bid-way.ts'
import type { Frames } from './frames.ts'
import { mergeHistory, newestGap } from './history.ts'
import { createOwnBids, type OwnBid } from './own-bid.ts'
import type { Visitor } from './visitor.ts'

/** One auction, followed live. */
export interface Room {
  readonly auction: ReadonlySignal<AuctionJson | undefined>
  readonly isMissing: ReadonlySignal<boolean>
  /** In the journal's order, without a gap once `isCatchingUp` is false; at most the newest `historyMax`. */
  readonly history: ReadonlySignal<readonly EventJson[]>
  readonly watcherCount: ReadonlySignal<number | undefined>
  readonly ownBid: ReadonlySignal<OwnBid | undefined>
  /** Whether this person has a bid in the journal, as far as this page knows. */
  hasBidOf(personId: string | undefined): boolean
  /** Asks for a name first where there is none. */
  bid(amount: string): Promise<void>
  dismissOwnBid(): void
  close(): void
}

/** Pages of history fetched in a row before the next update is waited for. */
const historyFetchesMax = 12
const historyPageItems = 200

export function openRoom(deps: {
  client: Client
  auctionId: string
  visitor: Visitor
  /** A node has confirmed that the feed goes on at this place. */
  resumed: (seq: number) => void
  lastBid: LastBid
  clock: Clock
  entropy: Entropy
  frames: Frames
}): Room {
  const { client, auctionId, visitor } = deps
  const auction = signal<AuctionJson | undefined>(undefined)
  const isMissing = signal(false)
  const watcherCount = signal<number | undefined>(undefined)
  const record = createRecord(client, auctionId)
  const ownBids = createOwnBids(deps)
  const bidders = new Set<string>()

  const take = (update: FeedUpdate) => {
    auction.value = update.auction
    record.add(update)
    for (const event of update.events) {
      if (event.type === 'BidAccepted') bidders.add(event.bidder.id)
    }
  }
  const hear = (update: FeedUpdate) => {
    deps.lastBid.heard(auctionId, update.seq, deps.clock.monotonicMs())
    deps.frames.next(() => take(update))
  }
  const watch = client.watch(auctionId, hear, {
    onResumed: ({ seq }) => deps.resumed(seq),
    onPresence: (count) => (watcherCount.value = count),
    onEnd: () => (isMissing.value = true),
  })
  return {
    auction,
    isMissing,
    history: record.events,
    watcherCount,
    ownBid: ownBids.newest,
    hasBidOf: (personId) =>
      personId !== undefined &&
      (bidders.has(personId) ||
        record.events.value.some(
          (event) => event.type === 'BidAccepted' && event.bidder.id === personId,
        )),
    async bid(amount) {
      const person = await visitor.require()
      if (person === undefined) return
      const pressedMs = deps.clock.monotonicMs()
      const outcome = await ownBids.place(amount)
      const own = ownBids.newest.value
      if (outcome?.outcome === 'accepted' && own?.state === 'accepted') {
        const { bidId, seq } = outcome
        deps.lastBid.accepted({ auctionId, bidId, seq, pressedMs, tookMs: own.tookMs })
      }
      if (outcome?.outcome === 'rejected' && outcome.code === 'sign-in-first') visitor.forget()
    },
    dismissOwnBid: () => ownBids.dismiss(),
    close() {
      watch.end()
      ownBids.close()
    },
  }
}

/** The history of the feed; what the feed did not bring is read from the journal. */
function createRecord(client: Client, auctionId: string) {
  const events = signal<readonly EventJson[]>([])
  let epoch: string | undefined
  let seq = 0
  let isFetching = false

  const fetchMissing = async () => {
    if (isFetching) return
    isFetching = true
    try {
      for (let fetchCount = 0; fetchCount < historyFetchesMax; fetchCount++) {
        const gap = newestGap(events.value, seq)
        if (gap === undefined) return
        const limit = Math.min(historyPageItems, gap.count)
        const page = await client.auctions.events(auctionId, { after: gap.after, limit })
        if (page.epoch !== epoch || page.events.length === 0) return
        events.value = mergeHistory(events.value, page.events)
      }
    } catch {
      return // The next update tries again.
    } finally {
      isFetching = false
    }
  }
  return {
    events,
    add(update: FeedUpdate) {
      const isSameStory = epoch === update.epoch
      epoch = update.epoch
      seq = update.seq
      events.value = mergeHistory(isSameStory ? events.value : [], update.events)
      void fetchMissing()
    },
  }
}
