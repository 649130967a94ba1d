import { LRUCache } from 'lru-cache'
import type { Clock } from '../lib/clock.ts'
import type { Election } from '../recipes/election.ts'
import { readQueue } from '../recipes/lock.ts'
import type { Member, Membership } from '../recipes/membership.ts'
import type { Store } from '../store/store.ts'
import type { StoreSurvey } from '../store/survey.ts'
import type { AuctionList } from './auction-list.ts'
import type { ClusterStatus, ClusterView, MemberStatus } from './engine.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import type { LockDiary } from './lock-diary.ts'
import type { ServiceRecord } from './service-record.ts'
import { createStoreServers } from './store-servers.ts'

/** Auctions whose locks are looked up for one status; those ending first. */
const locksShownMax = 256
const locksFreshForMs = 1_000
/** Nodes that come back under new addresses push the oldest out. */
const rememberedUrlsMax = 64

export function createClusterView(deps: {
  store: Store
  clock: Clock
  nodeId: string
  election: Election
  membership: Membership
  list: AuctionList
  service: ServiceRecord
  diary: LockDiary
  survey?: StoreSurvey
}): ClusterView {
  const { store, clock, election, membership, service } = deps
  const storeServers = deps.survey && createStoreServers({ store, clock, survey: deps.survey })
  let locks: ClusterStatus['locks'] = []
  let locksAtMs = -Infinity
  let reading: Promise<void> | undefined

  // A page of a node that froze calls us when that node is no member any more: so members of before count as well.
  const urls = new LRUCache<string, true>({ max: rememberedUrlsMax })
  const rememberUrls = () => {
    for (const member of membership.list()) urls.set(memberStatus(member).url, true)
  }
  membership.onChange(rememberUrls)
  rememberUrls()

  const readLocks = async () => {
    const live = (await deps.list.read())
      .filter(({ phase }) => phase === 'open' || phase === 'scheduled')
      .slice(0, locksShownMax)
    const found: ClusterStatus['locks'] = []
    for (let at = 0; at < live.length; at += engineLimits.parallelReads) {
      const some = live.slice(at, at + engineLimits.parallelReads)
      const queues = await Promise.all(some.map(({ id }) => readQueue(store, keys.locks(id))))
      queues.forEach(([holder, ...waiters], index) => {
        const auctionId = some[index]?.id
        if (holder === undefined || auctionId === undefined) return
        const waiting = waiters.map(({ nodeId }) => nodeId)
        found.push({ auctionId, nodeId: holder.nodeId, waiters: waiting })
      })
    }
    locks = found
    locksAtMs = clock.monotonicMs()
  }

  return {
    async status() {
      if (store.session.state === 'serving' && clock.monotonicMs() - locksAtMs > locksFreshForMs) {
        // A status is told in any weather: what cannot be read now stays as it was seen last.
        reading ??= readLocks()
          .catch(() => undefined)
          .finally(() => (reading = undefined))
        await reading
      }
      const ensemble = await storeServers?.look()
      const leader = election.current()
      return {
        nodeId: deps.nodeId,
        leader: leader === undefined ? null : { nodeId: leader.nodeId, term: Number(leader.term) },
        members: membership.list().map(memberStatus),
        store: { kind: store.kind, state: store.session.state, ...store.health(), ensemble },
        locks,
      }
    },
    lockTurns: () => deps.diary.turns,
    get service() {
      return service.service
    },
    onServiceChange: (listener) => service.onChange(listener),
    memberUrls: () => [...urls.keys()],
  }
}

function memberStatus({ nodeId, info }: Member): MemberStatus {
  const { url, pid, version, ready, clockOffsetMs } = info
  return {
    nodeId,
    url: typeof url === 'string' ? url : '',
    pid: typeof pid === 'number' ? pid : 0,
    version: typeof version === 'string' ? version : '',
    ready: ready === true,
    clockOffsetMs: typeof clockOffsetMs === 'number' ? clockOffsetMs : 0,
  }
}
