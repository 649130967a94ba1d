import type { Clock } from '../lib/clock.ts'
import { nameOf } from '../store/key.ts'
import type { Store } from '../store/store.ts'
import type { Copies } from './copies.ts'
import type { ClusterTime } from './engine.ts'
import { buckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { createListEntries, isLive, type Listed, type ListEntries } from './list-entries.ts'
import { watchLiveBuckets } from './live-buckets.ts'

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
  /** It was created here just now: it is listed at once. Never throws. */
  add(id: string): Promise<void>
  readonly liveCount: number
  /** Without reading. */
  isLive(id: string): boolean
  liveCountOf(sellerId: string): number
}

const freshForMs = 1_000

export function createAuctionList(deps: {
  store: Store
  clock: Clock
  copies: Copies
  time: Pick<ClusterTime, 'now'>
  signal: AbortSignal
}): AuctionList {
  const { store, clock, time } = deps
  const entries = createListEntries(deps)
  const { all, live } = entries
  let rings: ReturnType<typeof watchLiveBuckets> | undefined
  let readAtMs = -Infinity
  let reading: Promise<readonly Listed[]> | undefined
  let turn = 0

  const lookAtNew = async (some: readonly string[]) => {
    const leaves = await Promise.all(some.map((bucket) => store.list(keys.heads(bucket))))
    const ids = leaves.flat().map(({ key }) => nameOf(key))
    // Newest first by ULID: beyond the limit the oldest are left out.
    const unknown = ids.filter((id) => !all.has(id)).sort()
    await entries.look(unknown.slice(-engineLimits.listedMax))
  }
  const lookAtRung = async (bucket: string) => {
    const there = new Set((await store.list(keys.lives(bucket))).map(({ key }) => nameOf(key)))
    const came = [...there].filter((id) => !live.has(id))
    const went = [...live].filter((id) => id.endsWith(bucket) && !there.has(id))
    await entries.look([...came, ...went])
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
      await entries.look(movable(entries, time.now() ?? 0, turn))
    }
    for (const id of excess(all, live)) entries.drop(id)
    readAtMs = clock.monotonicMs()
    return entries.sorted()
  }

  return {
    read() {
      if (clock.monotonicMs() - readAtMs < freshForMs) return Promise.resolve(entries.sorted())
      reading ??= refresh().finally(() => (reading = undefined))
      return reading
    },
    freshen(some) {
      const before = clock.monotonicMs() - freshForMs
      const old = some.filter((entry) => isLive(entry) && entry.readAtMs <= before)
      return entries.look(old.map(({ id }) => id))
    },
    knownLiveIds: () => live.values(),
    known: () => all.values(),
    async add(id) {
      await entries.look([id]).catch(() => false)
    },
    isLive: (id) => live.has(id),
    get liveCount() {
      return live.size
    },
    liveCountOf: (sellerId) => [...live].filter((id) => all.get(id)?.sellerId === sellerId).length,
  }
}

/** Whose end or phase may have moved; beyond `listedMovesMax` they take turns. */
function movable({ all, live }: ListEntries, now: number, turn: number): string[] {
  const ids = [...live].filter((id) => (all.get(id)?.movesFrom ?? 0) <= now)
  const most = engineLimits.listedMovesMax
  if (ids.length <= most) return ids
  const from = (turn * most) % ids.length
  return [...ids, ...ids].slice(from, from + most)
}

/** The oldest that are over, beyond `listedMax`. */
function excess(entries: ReadonlyMap<string, Listed>, live: ReadonlySet<string>): string[] {
  const count = entries.size - engineLimits.listedMax
  if (count <= 0) return []
  const over = [...entries.keys()].filter((id) => !live.has(id))
  return over.sort().slice(0, count)
}
