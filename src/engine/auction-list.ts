import type { Auction } from '../auction/state.ts'
import type { Clock } from '../lib/clock.ts'
import { nameOf } from '../store/key.ts'
import type { Store } from '../store/store.ts'
import { Unreadable } from './codec.ts'
import type { Copies } from './copies.ts'
import type { ClusterTime, ListQuery } from './engine.ts'
import { buckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { watchLiveBuckets } from './live-buckets.ts'

/** What orders and filters a list. */
export interface Listed {
  readonly id: string
  readonly phase: NonNullable<ListQuery['phase']>
  readonly endsAt: number
  readonly sellerId: string
  /** Of the standing bid: who leads, or won. */
  readonly leaderId: string | undefined
  /** From when its phase or its end can change but by a cancellation or a removal; Infinity once it is over. */
  readonly movesFrom: number
  /** When its head was read, on our monotonic clock. */
  readonly readAtMs: number
}

/**
 * All auctions, ordered by endsAt then id. Nothing is read until somebody asks. The first reading takes all heads; after it, at
 * most once a second, those only that may have changed: what came to or left a bucket of live keys that rang; what is in its
 * soft close, past its start or past its end, `listedMovesMax` in turn; and of one bucket of heads the names, in turn, against
 * what no ring told. An end moves nowhere but in the soft close and at the close, and only later, so the order of the rest holds.
 * Whoever shows entries calls `freshen` for them. Those who ask at the same time share one reading.
 */
export interface AuctionList {
  /** @throws Suspended */
  read(): Promise<readonly Listed[]>
  /** Reads the heads of the live ones among these, but those read within a second. True when the order or a phase changed. @throws Suspended */
  freshen(entries: readonly Listed[]): Promise<boolean>
  /** Ids known to be scheduled or open, without reading. */
  knownLiveIds(): Iterable<string>
  /** All that is known, without reading. */
  known(): Iterable<Listed>
  /** The auction was removed: it is listed no more. */
  drop(id: string): void
  readonly liveCount: number
}

const freshForMs = 1_000

export function createAuctionList(deps: {
  store: Store
  clock: Clock
  copies: Copies
  time: Pick<ClusterTime, 'now'>
  signal: AbortSignal
}): AuctionList {
  const { store, clock, copies, time } = deps
  const entries = new Map<string, Listed>()
  const live = new Set<string>()
  let rings: ReturnType<typeof watchLiveBuckets> | undefined
  let listed: readonly Listed[] | undefined
  let readAtMs = -Infinity
  let reading: Promise<readonly Listed[]> | undefined
  let turn = 0

  const drop = (id: string) => {
    live.delete(id)
    if (entries.delete(id)) listed = undefined
  }
  /** True when the order or a phase changed. */
  const look = async (id: string): Promise<boolean> => {
    const before = entries.get(id)
    try {
      const copy = await copies.load(id)
      if (copy === undefined) {
        if (before !== undefined) drop(id)
        return before !== undefined
      }
      const entry = entryOf(id, copy.head.state, clock.monotonicMs())
      entries.set(id, entry)
      if (isLive(entry)) live.add(id)
      else live.delete(id)
      const isMoved = before?.endsAt !== entry.endsAt || before.phase !== entry.phase
      if (isMoved) listed = undefined
      return isMoved
    } catch (error) {
      // A damaged record hides its own auction, not the list.
      if (error instanceof Unreadable) return false
      throw error
    }
  }
  const lookAll = async (ids: readonly string[]): Promise<boolean> => {
    let isMoved = false
    for (let at = 0; at < ids.length; at += engineLimits.parallelReads) {
      const some = await Promise.all(ids.slice(at, at + engineLimits.parallelReads).map(look))
      isMoved ||= some.includes(true)
    }
    return isMoved
  }
  const lookAtNew = async (some: readonly string[]) => {
    const leaves = await Promise.all(some.map((bucket) => store.list(keys.heads(bucket))))
    const ids = leaves.flat().map(({ key }) => nameOf(key))
    // Newest first by ULID: beyond the limit the oldest are left out.
    const unknown = ids.filter((id) => !entries.has(id)).sort()
    await lookAll(unknown.slice(-engineLimits.listedMax))
  }
  const lookAtRung = async (bucket: string) => {
    const there = new Set((await store.list(keys.lives(bucket))).map(({ key }) => nameOf(key)))
    const came = [...there].filter((id) => !live.has(id))
    const went = [...live].filter((id) => id.endsWith(bucket) && !there.has(id))
    await lookAll([...came, ...went])
  }
  const movable = (): string[] => {
    const now = time.now() ?? 0
    const ids = [...live].filter((id) => (entries.get(id)?.movesFrom ?? 0) <= now)
    const most = engineLimits.listedMovesMax
    if (ids.length <= most) return ids
    const from = (turn * most) % ids.length
    return [...ids, ...ids].slice(from, from + most)
  }
  const refresh = async () => {
    if (rings === undefined) {
      rings = watchLiveBuckets(store, deps.signal)
      await lookAtNew(buckets).catch((error: unknown) => {
        rings?.stop()
        rings = undefined
        throw error
      })
    } else {
      turn++
      await rings.each(lookAtRung)
      await lookAtNew(buckets.slice(turn % buckets.length, (turn % buckets.length) + 1))
      await lookAll(movable())
    }
    for (const id of excess(entries, live)) drop(id)
    readAtMs = clock.monotonicMs()
    return sorted()
  }
  const sorted = () => (listed ??= [...entries.values()].sort(byEnd))

  return {
    read() {
      if (clock.monotonicMs() - readAtMs < freshForMs) return Promise.resolve(sorted())
      reading ??= refresh().finally(() => (reading = undefined))
      return reading
    },
    freshen(some) {
      const before = clock.monotonicMs() - freshForMs
      const old = some.filter((entry) => isLive(entry) && entry.readAtMs <= before)
      return lookAll(old.map(({ id }) => id))
    },
    knownLiveIds: () => live.values(),
    known: () => entries.values(),
    drop,
    get liveCount() {
      return live.size
    },
  }
}

const isLive = ({ phase }: Listed) => phase === 'open' || phase === 'scheduled'
const byEnd = (a: Listed, b: Listed) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1)

function entryOf(id: string, state: Auction, readAtMs: number): Listed {
  const { phase, endsAt, seller, conditions } = state
  const standing = 'standingBid' in state ? state.standingBid : null
  const softMs = conditions.softClose?.windowMs ?? 0
  const movesFrom =
    phase === 'scheduled' ? conditions.startsAt : phase === 'open' ? endsAt - softMs : Infinity
  const leaderId = standing?.bidder.id
  return { id, phase, endsAt, sellerId: seller.id, leaderId, movesFrom, readAtMs }
}

/** The oldest that are over, beyond `listedMax`. */
function excess(entries: ReadonlyMap<string, Listed>, live: ReadonlySet<string>): string[] {
  const count = entries.size - engineLimits.listedMax
  if (count <= 0) return []
  const over = [...entries.keys()].filter((id) => !live.has(id))
  return over.sort().slice(0, count)
}
