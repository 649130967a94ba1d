import { setMaxListeners } from 'node:events'
import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { type ClusterClock, createClusterClock } from '../recipes/cluster-clock.ts'
import { quietMsMax } from '../recipes/beacon.ts'
import { createElection, type Leadership } from '../recipes/election.ts'
import { createLocks, type Locks } from '../recipes/lock.ts'
import { createMembership, type Member } from '../recipes/membership.ts'
import { nameOf } from '../store/key.ts'
import type { MeasureStore } from '../store/size.ts'
import { createStoreFill } from './store-fill.ts'
import type { Store } from '../store/store.ts'
import type { StoreSurvey } from '../store/survey.ts'
import { type ActivePeople, createActivePeople } from './active-people.ts'
import { createAuctionList } from './auction-list.ts'
import { createAuctioneer } from './auctioneer.ts'
import { type Bids, createBidding } from './bidding.ts'
import { createCatalogue, type LiveLimits } from './catalogue.ts'
import { createClusterView } from './cluster-view.ts'
import { createCopies } from './copies.ts'
import type { ClusterTime, Engine, FeedEncoder } from './engine.ts'
import type { NodeLinks } from './forwarding.ts'
import { createGuests } from './sessions/guests.ts'
import { createHeldLocks } from './held-locks.ts'
import { createIdChunks } from './id-chunks.ts'
import { createJournal } from './journal.ts'
import { keys } from './keyspace.ts'
import { watchLeader } from './leader-watch.ts'
import { createLiveFeeds } from './live-feed.ts'
import { createLockDiary, type LockDiary } from './lock-diary.ts'
import { createLots } from './lots.ts'
import { createNodePasses } from './node-passes.ts'
import { createOutageRecord } from './outage-record.ts'
import { keepServiceNote } from './service-note.ts'
import { createServiceRecord, type ServiceRecord } from './service-record.ts'
import { sweep } from './sweep.ts'
import { createWallClocks } from './wall-clocks.ts'

export interface EngineDeps {
  store: Store
  clock: Clock
  entropy: Entropy
  log: Log
  metrics: Metrics
  encoder: FeedEncoder
  nodeId: string
  /** How often an embedded store started uncleanly; 0 elsewhere. */
  generation: number
  sessionTimeoutMs: number
  closeGraceMs: number
  lockPatienceMs: number
  /** A session that nobody uses ends after this; 30 days where absent. */
  sessionIdleMs?: number
  /** What this node says of itself: url, pid, version. */
  presence: () => { url: string; linkUrl?: string | undefined; pid: number; version: string }
  /** Who serves the store; absent where that is nobody but us. */
  survey?: StoreSurvey
  /** How much the store holds; without it nobody knows. */
  measure?: MeasureStore
  /** `storeFillTiming.everyMs` without. */
  measureEveryMs?: number | undefined
  /** The ways to other nodes; without them a node queues for each lock. */
  links?: NodeLinks
  /** How many auctions may be scheduled or open; without it as many as come. */
  liveLimits?: LiveLimits
  /** For tests that show that safety does not rest on the lock's order. */
  locks?: Locks
}

export interface RunningEngine extends Engine {
  readonly bidding: Bids
  /** Cluster time is settled and the store serves. */
  readonly isReady: boolean
  /** Joins, follows the clock, campaigns. Resolves when this node is listed. */
  start(): Promise<void>
  /** Refuses what waits, gives up leadership, locks and membership. */
  stop(): Promise<void>
}

/** Wires an engine, top to bottom. Read this to know what depends on what. */
export function createEngine(deps: EngineDeps): RunningEngine {
  const { store, clock, log } = deps
  const stopping = new AbortController()
  // Everything of a node listens to it.
  setMaxListeners(0, stopping.signal)
  const cluster = createClusterParts(deps)
  const { election, membership, clusterClock, time, service } = cluster
  const diary = createLockDiary({ clock, time })
  const parts = createBidParts({ ...deps, diary }, cluster)
  const { journal, copies, lots, locks, bidding } = parts
  const list = createAuctionList({ store, clock, copies, time, signal: stopping.signal })
  const feeds = createLiveFeeds({ ...deps, journal, copies, lots })
  const guests = createGuests({ ...deps, time })
  const active = createActivePeople(deps)
  const storeFill = createStoreFill(deps)
  const sweeping = { ...deps, list, now: () => time.now() }
  const swept = { sweep: (signal: AbortSignal) => sweep(sweeping, signal) }
  const auctioneer = createAuctioneer({ ...deps, ...cluster, ...swept, bidding, copies })
  const watch = {
    lastBeaconAtMs: () => clusterClock.lastBeaconAt(),
    knownLiveIds: () => list.knownLiveIds(),
  }
  const tellPresence = (againInMs: number) => membership.update(cluster.presence(againInMs))
  service.onChange(({ state }) => {
    if (state === 'paused') bidding.refuseWaiting('store-unavailable')
  })
  let work: Promise<unknown> = Promise.resolve()

  return {
    bidding: noteBidders(bidding, active),
    feeds,
    time,
    storeFill,
    guests,
    catalogue: createCatalogue({ ...unlimited, ...deps, ...{ time, ...parts, list, active } }),
    nodes: createNodePasses({ ...deps, time }),
    cluster: createClusterView({ ...deps, election, membership, list, service, diary }),
    get isReady() {
      return cluster.isReady()
    },
    async start() {
      const { signal } = stopping
      const follows = [membership, election].map((recipe) => recipe.observe(signal))
      await Promise.all([...follows, clusterClock.follow(signal)])
      await membership.join(cluster.presence(tellEveryMs.first), signal)
      work = Promise.all([
        auctioneer.run(signal),
        guests.run(signal),
        storeFill.keep(signal),
        watchLeader({ ...deps, election, copies, time, ...watch }, signal),
        keepServiceNote({ ...deps, ...watch, ...service, time }, signal),
        keepTelling({ clock, service, clusterClock }, tellPresence, signal),
      ]).catch((error: unknown) =>
        log.error({ error: asError(error).message }, 'the engine broke off'),
      )
    },
    async stop() {
      await bidding.drain()
      stopping.abort(new Error('the node stops'))
      feeds.close()
      active.close()
      service.close()
      await locks.releaseAll()
      await work
    },
  }
}

const unlimited = {
  liveLimits: { liveAuctionsMax: Infinity, liveAuctionsPerSellerMax: Infinity },
}

/** Whoever has a bid accepted here is marked, after the answer. */
function noteBidders(bidding: Bids, active: ActivePeople): Bids {
  return {
    ...bidding,
    async place(bid) {
      const outcome = await bidding.place(bid)
      if (outcome.outcome !== 'rejected') active.note(bid.bidder.id)
      return outcome
    },
  }
}

type ClusterParts = ReturnType<typeof createClusterParts>

/** Who is there, who leads, what time it is, and whether the store serves. */
function createClusterParts(deps: EngineDeps) {
  const { clock, nodeId } = deps
  const election = createElection({ ...deps, dir: keys.leader })
  const membership = createMembership({ ...deps, dir: keys.members })
  const clusterClock = createClusterClock(deps)
  const wallClocks = createWallClocks({ clock, membership, nodeId })
  const time: ClusterTime = {
    now: () => clusterClock.now(),
    offsetMs: () => clusterClock.offsetMs(),
    errorMs: () => clusterClock.errorMs(),
  }
  const isOwnTerm = (term: bigint) =>
    election.current()?.nodeId === nodeId && election.current()?.term === term
  const outages = createOutageRecord({ ...deps, isOwnTerm })
  const service = createServiceRecord({ ...deps, time, outages })
  const isServing = () => service.service.state === 'serving'
  const isReady = () => clusterClock.isSettled && isServing()
  const isOtherReady = (member: Member) => member.nodeId !== nodeId && member.info.ready === true
  return {
    election,
    membership,
    clusterClock,
    time,
    service,
    isServing,
    isReady,
    presence: (toldAgainInMs: number) => ({
      ...deps.presence(),
      ready: isReady(),
      wallMs: clock.wallMs(),
      toldAgainInMs,
      clockOffsetMs: Math.round(clusterClock.offsetMs()),
    }),
    /** While another member has cluster time, a node without it stays out of the way: its own would be a guess. */
    mayCampaign: () => clusterClock.isSettled || !membership.list().some(isOtherReady),
    mayLead: async () =>
      clusterClock.isSettled || !(await membership.lookAfresh()).some(isOtherReady),
    async keepTime(leadership: Leadership, signal: AbortSignal) {
      await clusterClock.lead(leadership, signal, {
        medianWallMs: (over) => wallClocks.medianMs(over),
        onGap: ({ isCold, ...gap }) =>
          isCold ? outages.keepColdGap(gap) : outages.keepUnserved(service.breaksWithin(gap)),
      })
    },
    isSilenceJudged: (leadership: Leadership) => {
      const [beacon, now] = [clusterClock.newestBeacon(), time.now()]
      if (beacon === undefined || now === undefined) return false
      if (beacon.term < leadership.term) return false
      const unanswered = service.breaksWithin({ from: beacon.timeMs, to: now })
      return !unanswered.some(({ from, to }) => to - from > quietMsMax)
    },
    readOutages: async () => {
      await service.judged()
      await outages.read()
    },
    followOutages: (signal: AbortSignal) => outages.follow(signal),
  }
}

/** All that a bid passes on its way. */
function createBidParts(
  deps: EngineDeps & { diary: LockDiary },
  { time, isServing, membership }: ClusterParts,
) {
  const { store, clock, entropy, log, metrics, diary } = deps
  const journal = createJournal({ store, clock })
  const copies = createCopies({ store, journal })
  const lots = createLots({ store, generation: deps.generation })
  let commitMs = 0
  const onRevoked = (dir: string, sessionId: string) => {
    const holder = membership.list().find((member) => member.sessionId === sessionId)
    diary.note({ kind: 'revoked', auctionId: nameOf(dir), from: holder?.nodeId ?? null })
  }
  const locks = createHeldLocks({
    store,
    locks: deps.locks ?? createLocks({ ...deps, onRevoked }),
    clock,
    metrics,
    diary,
    commitMs: () => commitMs,
    knownProgress: (id) => String(copies.peek(id)?.head.slot ?? 0),
    progress: async (id) => String((await journal.loadHead(id, { fresh: true }))?.head.slot ?? 0),
  })
  const batchPrefix = entropy.token(9)
  let batchCount = 0
  const bidding = createBidding({
    ...deps,
    journal,
    copies,
    locks,
    time,
    isServing,
    chunks: createIdChunks({ store, log, copies }),
    forwarding: deps.links && {
      nodeId: deps.nodeId,
      links: deps.links,
      members: () => membership.list(),
      commitMs: () => commitMs,
    },
    newBatchId: () => `${batchPrefix}.${++batchCount}`,
    noteCommitMs: (ms) => (commitMs = commitMs === 0 ? ms : commitMs * 0.9 + ms * 0.1),
  })
  return { journal, copies, lots, locks, bidding }
}

interface KeepTellingDeps {
  clock: Clock
  service: ServiceRecord
  clusterClock: ClusterClock
}

const tellEveryMs = { first: 250, last: 10_000 } as const

/**
 * What the others read of us stays about true: told soon after the start, then rarely, and at once when the service changes or
 * we come to know the time: until then another that knows none may start it anew.
 */
async function keepTelling(
  { clock, service, clusterClock }: KeepTellingDeps,
  tell: (againInMs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let everyMs: number = tellEveryMs.first
  const tellNow = () => tell(everyMs)
  const stopListening = [service.onChange(tellNow), clusterClock.onSettledChange(tellNow)]
  for (;;) {
    await sleep(clock, everyMs, signal).catch(() => undefined)
    if (signal.aborted) break
    everyMs = Math.min(tellEveryMs.last, everyMs * 2)
    tell(everyMs)
  }
  stopListening.forEach((stop) => stop())
}
