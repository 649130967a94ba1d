import { keys } from '../../src/engine/keyspace.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { EventJson } from '../../src/protocol/event.ts'
import type { EventsPageJson } from '../../src/protocol/http.ts'
import type { RawBatch } from '../checker/history.ts'
import type { World } from './world.ts'
import type { Person } from './person.ts'
import { worldBeganAtMs } from './process.ts'
import { readBatches, readHead, readJournal, trueView } from './truth.ts'

/** Longest that the rest may take once all is well: a credit may move an end by half a minute, and soft closes again. */
const closedWithinMs = 240_000
const settledWithinMs = 60_000
const servedWithinMs = 30_000
/** A client's own bound for a bid, four times over: so often a bidder asks. */
const bidWithinMs = 130_000
const pageLimit = 200

/** All auctions are over; noted with how late each close came. */
export async function untilAllOver(world: World): Promise<void> {
  const { time, people, store, history, plan } = world
  const healedAtMs = time.nowMs
  const isOver = (id: string) => {
    const phase = readHead(store.world, id)?.state.phase
    return phase === 'closed' || phase === 'cancelled'
  }
  await time.runUntil(
    time.nowMs + closedWithinMs,
    () => people.auctionIds.length === plan.auctions.length && people.auctionIds.every(isOver),
  )
  if (people.auctionIds.length < plan.auctions.length)
    history.defect('a seller could not put an auction up after all was well')
  for (const id of people.auctionIds) {
    if (isOver(id)) continue
    const endsAt = readHead(store.world, id)?.state.endsAt
    const lateMs = worldBeganAtMs + time.nowMs - (endsAt ?? 0)
    history.add({
      t: 'recovery',
      atMs: history.now(),
      target: id,
      what: 'closed',
      tookMs: undefined,
    })
    history.defect(
      `${id} is not closed ${Math.round(lateMs)} ms after its end (healed at ${healedAtMs})`,
    )
  }
}

/** Everybody learns what became of each bid, and every feed comes to its end. */
export async function untilAllToldWhat(world: World): Promise<void> {
  const { time, people, history, store } = world
  people.stopBidding()
  let unsettledCount = people.bidders.length
  // Those that are under way answer within the client's own bound, before the rest is asked about once more.
  const isQuiet = () => people.bidders.every(({ isDone }) => isDone)
  await time.runUntil(time.nowMs + bidWithinMs, isQuiet)
  if (!isQuiet()) history.defect('a bid was not answered within the bound of the client')
  for (const bidder of people.bidders) {
    void bidder.settle().then(() => unsettledCount--)
  }
  const isTold = (bidder: Person, id: string) =>
    bidder.seqOf(id) >= (readHead(store.world, id)?.seq ?? 0)
  const isToldAll = () =>
    unsettledCount === 0 &&
    people.auctionIds.every((id) => people.bidders.every((bidder) => isTold(bidder, id)))
  await time.runUntil(time.nowMs + settledWithinMs, isToldAll)
  if (unsettledCount > 0) history.defect(`${unsettledCount} bidders wait for an answer for ever`)
  // The reads that follow make a node look that should have heard by itself.
  for (const id of people.auctionIds) {
    for (const bidder of people.bidders) {
      if (isTold(bidder, id)) continue
      const target = `${bidder.name} on ${id}`
      const what = 'feed told'
      history.add({ t: 'recovery', atMs: history.now(), target, what, tookMs: undefined })
    }
  }
}

/** Every node is back in service: where all was over at once, one may still be opening a new session. */
export async function untilAllServe({ time, cluster, history }: World): Promise<void> {
  const away = () => cluster.running().filter(({ engine }) => !engine.isReady)
  await time.runUntil(time.nowMs + servedWithinMs, () => away().length === 0)
  for (const { nodeId } of away())
    history.defect(`${nodeId} does not serve ${servedWithinMs} ms after all was well`)
}

/** What every node tells at the end, over its own HTTP app. */
export async function readNodes(world: World): Promise<void> {
  const { cluster, people, time } = world
  let waiting = 0
  for (const node of cluster.running()) {
    for (const id of people.auctionIds) {
      waiting++
      void readNode(world, node, id)
        .catch((error: unknown) =>
          world.history.defect(`${node.nodeId} on ${id}: ${String(error)}`),
        )
        .finally(() => waiting--)
    }
  }
  await time.runUntil(time.nowMs + settledWithinMs, () => waiting === 0)
  if (waiting > 0) world.history.defect(`${waiting} reads at the end were never answered`)
}

async function readNode(
  { history }: World,
  node: ReturnType<World['cluster']['running']>[number],
  id: string,
): Promise<void> {
  const ask = async (path: string) => {
    const { status, body } = await node.get(`/api/v1/auctions/${id}${path}`)
    if (status !== 200) throw new Error(`${path} answers ${status} ${JSON.stringify(body)}`)
    return body
  }
  const auction = (await ask('?fresh=true')) as AuctionJson
  const { phase, seq, endsAt, extensions, result } = auction
  history.add({
    ...{ t: 'view', node: node.nodeId, auctionId: id, phase, seq, endsAt, extensions },
    winner: result?.winner?.id,
    hammerPrice: result?.hammerPrice,
  })
  const events: EventJson[] = []
  for (;;) {
    const after = events.at(-1)?.seq ?? 0
    const page = (await ask(`/events?after=${after}&limit=${pageLimit}`)) as EventsPageJson
    events.push(...page.events)
    if (page.events.length === 0 || (events.at(-1)?.seq ?? 0) >= page.seq) break
  }
  history.add({ t: 'journal', node: node.nodeId, auctionId: id, events })
}

/** What lies in the store, seen from outside. */
export function readStore({ people, store, history, witness }: World): void {
  for (const auctionId of people.auctionIds) {
    const events = readJournal(store.world, auctionId)
    history.add({ t: 'journal', node: 'store', auctionId, events })
    const view = trueView(store.world, auctionId)
    if (view !== undefined) history.add({ t: 'view', node: 'store', auctionId, ...view })
    const batches = readBatches(store.world, auctionId).map(({ batch, revision }): RawBatch => {
      const term = witness.termOf(keys.slot(auctionId, batch.slot))
      return {
        slot: batch.slot,
        firstSeq: batch.firstSeq,
        eventCount: batch.events.length,
        writer: batch.batchId.replace(/\.\d+$/, ''),
        bidIds: batch.events.flatMap((e) => (e.type === 'BidAccepted' ? [e.bidId] : [])),
        revision: revision.toString(),
        ...(term !== undefined && { term }),
      }
    })
    history.add({ t: 'raw', auctionId, batches })
  }
}

/** Looked for in every so many worlds: it takes long, and little happens. */
export const leftoversEvery = 4

/** Long after the last bid nobody holds or waits for anything but whoever is there. */
export async function readLeftovers({
  time,
  cluster,
  people,
  store,
  history,
  plan,
}: World): Promise<void> {
  people.leave()
  await time.runUntil(time.nowMs + 2 * plan.timing.sessionTimeoutMs + idleReleaseMs)
  const members = cluster.running().map((node) => node.session.id)
  const dirs = ['leader', 'members', ...people.auctionIds.map((id) => keys.locks(id))]
  const ephemerals = dirs.flatMap((dir) =>
    [...store.world.server.list(dir)].map(([key, leaf]) => ({
      key,
      incarnation: leaf.owner ?? '',
    })),
  )
  history.add({ t: 'leftovers', atMs: history.now(), members, ephemerals })
}

/** A held lock that nobody needs is let go after ten seconds. */
const idleReleaseMs = 15_000
