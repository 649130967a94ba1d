import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { createClusterClock } from '../recipes/cluster-clock.ts'
import { createElection } from '../recipes/election.ts'
import { createLocks, type Locks } from '../recipes/lock.ts'
import { createMembership } from '../recipes/membership.ts'
import type { Store } from '../store/store.ts'
import { createAuctionList } from './auction-list.ts'
import { createAuctioneer } from './auctioneer.ts'
import { createBidding } from './bidding.ts'
import { createCatalogue } from './catalogue.ts'
import { createClusterView } from './cluster-view.ts'
import { createCopies } from './copies.ts'
import type { ClusterTime, Engine, FeedEncoder } from './engine.ts'
import { createGuests } from './guests.ts'
import { createHeldLocks } from './held-locks.ts'
import { createIdChunks } from './id-chunks.ts'
import { createJournal } from './journal.ts'
import { keys } from './keyspace.ts'
import { watchLeader } from './leader-watch.ts'
import { createLiveFeeds } from './live-feed.ts'
import { createLots } from './lots.ts'
import { createServiceRecord } from './service-record.ts'
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
  /** What this node says of itself: url, pid, version. */
  presence: () => { url: string; pid: number; version: string }
  /** For tests that show that safety does not rest on the lock's order. */
  locks?: Locks
}

export interface RunningEngine extends Engine {
  /** Cluster time is settled and the store serves. */
  readonly isReady: boolean
  /** Joins, follows the clock, campaigns. Resolves when this node is listed. */
  start(): Promise<void>
  /** Refuses what waits, gives up leadership, locks and membership. */
  stop(): Promise<void>
}

/** Wires an engine, top to bottom. Read this to know what depends on what. */
export function createEngine(deps: EngineDeps): RunningEngine {
  const { store, clock, entropy, log, metrics, nodeId } = deps
  const stopping = new AbortController()
  const stopped = stopping.signal

  const election = createElection({ ...deps, dir: keys.leader })
  const membership = createMembership({ ...deps, dir: keys.members })
  const clusterClock = createClusterClock(deps)
  const wallClocks = createWallClocks({ clock, membership })
  const time: ClusterTime = {
    now: () => clusterClock.now(),
    offsetMs: () => clusterClock.offsetMs(),
    errorMs: () => clusterClock.errorMs(),
  }
  const service = createServiceRecord({ store, clock, time })
  const isServing = () => service.service.state === 'serving'

  const journal = createJournal({ store, clock })
  const copies = createCopies({ store, journal })
  const lots = createLots({ store, generation: deps.generation })
  let commitMs = 0
  const locks = createHeldLocks({
    locks: deps.locks ?? createLocks(deps),
    clock,
    metrics,
    commitMs: () => commitMs,
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
    newBatchId: () => `${batchPrefix}.${++batchCount}`,
    noteCommitMs: (ms) => (commitMs = commitMs === 0 ? ms : commitMs * 0.9 + ms * 0.1),
  })
  const list = createAuctionList({ store, clock, copies })
  const feeds = createLiveFeeds({ ...deps, journal, copies, lots })
  const isSettled = () => clusterClock.now() !== undefined
  const presence = () => ({
    ...deps.presence(),
    ready: isSettled() && isServing(),
    wallMs: clock.wallMs(),
    clockOffsetMs: Math.round(clusterClock.offsetMs()),
  })
  const auctioneer = createAuctioneer({
    ...deps,
    election,
    bidding,
    copies,
    time,
    service,
    /** While another member has cluster time, a node without it stays out of the way: its own would be a guess. */
    mayCampaign: () =>
      isSettled() || !membership.list().some((m) => m.nodeId !== nodeId && m.info.ready === true),
    async keepTime(leadership, signal) {
      const options = { medianWallMs: async () => wallClocks.medianMs() }
      await clusterClock.lead(leadership, signal, options)
    },
    coldGap: () => clusterClock.coldGap(),
  })
  service.onChange(({ state }) => {
    if (state === 'paused') bidding.refuseWaiting('store-unavailable')
  })
  let work: Promise<unknown> = Promise.resolve()
  const follow = () =>
    Promise.all([
      auctioneer.run(stopped),
      watchLeader(
        {
          ...deps,
          election,
          copies,
          time,
          lastBeaconAtMs: () => clusterClock.lastBeaconAt(),
          knownLiveIds: () => list.knownLiveIds(),
        },
        stopped,
      ),
      keepPresence(clock, () => membership.update(presence()), service.onChange, stopped),
    ])

  return {
    bidding,
    feeds,
    time,
    guests: createGuests(deps),
    catalogue: createCatalogue({ ...deps, time, journal, copies, lots, list, bidding }),
    cluster: createClusterView({ ...deps, election, membership, list, service }),
    get isReady() {
      return isSettled() && isServing()
    },
    async start() {
      await Promise.all([
        membership.observe(stopped),
        election.observe(stopped),
        clusterClock.follow(stopped),
      ])
      await membership.join(presence(), stopped)
      work = follow().catch((error: unknown) => {
        log.error({ error: asError(error).message }, 'the engine broke off')
      })
    },
    async stop() {
      bidding.refuseWaiting('store-unavailable')
      stopping.abort(new Error('the node stops'))
      feeds.close()
      await locks.releaseAll()
      await work
    },
  }
}

/** What the others read of us stays about true: told again every few seconds, and at once when the service changes. */
async function keepPresence(
  clock: Clock,
  tell: () => void,
  onChange: (listener: () => void) => () => void,
  signal: AbortSignal,
): Promise<void> {
  const stopListening = onChange(tell)
  let everyMs = 250
  while (!signal.aborted) {
    await sleep(clock, everyMs, signal).catch(() => undefined)
    if (!signal.aborted) tell()
    everyMs = Math.min(10_000, everyMs * 2)
  }
  stopListening()
}
