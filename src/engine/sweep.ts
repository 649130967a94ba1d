import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { LRUCache } from 'lru-cache'
import { createGrowingCache } from '../lib/growing-cache.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { timeOfUlid } from '../lib/ulid.ts'
import type { Guard, Key, Store } from '../store/store.ts'
import { personHash } from './active-people.ts'
import type { AuctionList } from './auction-list.ts'
import { decodeJson, Unreadable } from './codec.ts'
import { hashBuckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/** How long each kind of key is kept, in ms. */
const keptMs = {
  /** A guest who neither bid nor sold, after the last visit. */
  idleGuest: 24 * 3_600_000,
  /** The answer to a creation by its idempotency key. */
  request: 24 * 3_600_000,
  /** The mark of a person who bid or sold: longer than any session lives. */
  active: 90 * 24 * 3_600_000,
} as const

export interface SweepDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  /** Cluster time. */
  now: () => number | undefined
  list: Pick<AuctionList, 'read' | 'known'>
}

/** People who sell, lead or won an auction that is listed: their sessions stay, mark or no mark. */
type Parties = ReadonlySet<string>

/** What is said of a key that was looked at: when it may go, and what must hold in that very commit. */
interface Verdict {
  /** In cluster time; it is not looked at again before. */
  readonly dueAt: number
  readonly guards: readonly Guard[]
}

/**
 * The leader's sweep: sessions that are over, guests who neither bid nor sold, old answers to creations, spent sign-ins. One
 * bucket of each kind a step, in bounded reads and commits, with a pause after each; it runs beside the closes and shares
 * nothing with them but the store. Runs until the signal aborts. Never throws.
 */
export async function sweep(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps
  const notBefore = createGrowingCache<{ dueAt: number }>(engineLimits.sweepKnownMax)
  for (let step = 0; ; step++) {
    await sleep(clock, engineLimits.sweepPauseMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const bucket = hashBuckets[step % hashBuckets.length] ?? ''
    try {
      const dirs: [Key, Judge][] = [
        [keys.sessions(bucket), judgeSession],
        [keys.requests(bucket), judgeRequest],
        [keys.tickets(bucket), judgeTicket],
        [keys.actives(bucket), judgeActive],
      ]
      for (const [dir, judge] of dirs) await sweepDir({ ...deps, notBefore }, dir, judge, signal)
    } catch (error) {
      log.debug({ bucket, error: asError(error).message }, 'swept later')
    }
  }
}

type Judge = (record: Readonly<Record<string, unknown>>, parties: Parties) => Verdict

async function sweepDir(
  deps: SweepDeps & { notBefore: LRUCache<Key, { dueAt: number }> },
  dir: Key,
  judge: Judge,
  signal: AbortSignal,
): Promise<void> {
  const { notBefore } = deps
  const now = deps.now()
  if (now === undefined) return
  const due = (await deps.store.list(dir))
    .map(({ key }) => key)
    .filter((key) => (notBefore.get(key)?.dueAt ?? 0) <= now)
    .slice(0, engineLimits.sweepKeysMax)
  if (due.length === 0) return
  const parties = judge === judgeSession ? await partiesIn(deps.list) : new Set<string>()
  for (let at = 0; at < due.length && !signal.aborted; at += engineLimits.sweepParallel) {
    const some = due.slice(at, at + engineLimits.sweepParallel)
    await Promise.all(
      some.map(async (key) => {
        const entry = await deps.store.get(key)
        const verdict = entry && judgeEntry(key, entry.value, (record) => judge(record, parties))
        if (verdict === undefined) return
        if (verdict.dueAt > now) notBefore.set(key, { dueAt: verdict.dueAt })
        else if (await remove(deps, key, verdict.guards)) notBefore.delete(key)
        else notBefore.set(key, { dueAt: now + keptMs.idleGuest })
      }),
    )
  }
}

/** A record that cannot be read stays: nobody knows whose it is. */
function judgeEntry(
  key: Key,
  value: Uint8Array,
  judge: (record: Record<string, unknown>) => Verdict,
): Verdict | undefined {
  try {
    return judge(decodeJson(key, value) as Record<string, unknown>)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

async function partiesIn(list: SweepDeps['list']): Promise<Parties> {
  await list.read()
  const parties = new Set<string>()
  for (const { sellerId, leaderId } of list.known()) {
    parties.add(sellerId)
    if (leaderId !== undefined) parties.add(leaderId)
  }
  return parties
}

async function remove(deps: SweepDeps, key: Key, guards: readonly Guard[]): Promise<boolean> {
  const { ok } = await deps.store.commit({ guards, writes: [{ kind: 'delete', key }] })
  if (ok) deps.metrics.count('swept_total', { kind: key.slice(0, key.indexOf('/')) })
  return ok
}

const number = (value: unknown, otherwise: number) =>
  typeof value === 'number' ? value : otherwise

const judgeSession: Judge = ({ id, createdAt, seenAt, expiresAt }, parties) => {
  const endsAt = number(expiresAt, Infinity)
  const idleAt = number(seenAt, number(createdAt, Infinity)) + keptMs.idleGuest
  if (typeof id !== 'string' || endsAt <= idleAt || parties.has(id))
    return { dueAt: endsAt, guards: [] }
  // Whoever is marked at this very moment stays: until the session's own end.
  const isIdle: Guard = { kind: 'absent', key: keys.active(personHash(id)) }
  return { dueAt: idleAt, guards: [isIdle] }
}

const judgeRequest: Judge = ({ auctionId }) => ({
  dueAt: typeof auctionId === 'string' ? timeOfUlid(auctionId) + keptMs.request : 0,
  guards: [],
})

const judgeTicket: Judge = ({ expiresAt }) => ({ dueAt: number(expiresAt, 0), guards: [] })

const judgeActive: Judge = ({ at }) => ({ dueAt: number(at, 0) + keptMs.active, guards: [] })
