import type { Auction } from '../auction/state.ts'
import type { Clock } from '../lib/clock.ts'
import { Unreadable } from './codec.ts'
import type { Copies } from './copies.ts'
import type { ListQuery } from './engine.ts'
import { engineLimits } from './limits.ts'

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

/** What the list knows of each auction, as its head was when it was read. */
export interface ListEntries {
  readonly all: ReadonlyMap<string, Listed>
  /** Ids of those that are scheduled or open. */
  readonly live: ReadonlySet<string>
  /** By endsAt, then id; sorted anew only after a change. */
  sorted(): readonly Listed[]
  /** Reads their heads, `parallelReads` at once. True when the order or a phase changed. @throws Suspended */
  look(ids: readonly string[]): Promise<boolean>
  drop(id: string): void
}

export function createListEntries({
  clock,
  copies,
}: {
  clock: Clock
  copies: Copies
}): ListEntries {
  const entries = new Map<string, Listed>()
  const live = new Set<string>()
  let listed: readonly Listed[] | undefined

  const drop = (id: string) => {
    live.delete(id)
    if (entries.delete(id)) listed = undefined
  }
  /** True when the order or a phase changed. */
  const lookAt = async (id: string): Promise<boolean> => {
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
      const some = await Promise.all(ids.slice(at, at + engineLimits.parallelReads).map(lookAt))
      isMoved ||= some.includes(true)
    }
    return isMoved
  }
  return {
    all: entries,
    live,
    sorted: () => (listed ??= [...entries.values()].sort(byEnd)),
    look: lookAll,
    drop,
  }
}

export const isLive = ({ phase }: Listed) => phase === 'open' || phase === 'scheduled'
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
