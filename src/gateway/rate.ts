import type { Clock } from '../lib/clock.ts'
import { groupOf } from '../lib/ip-address.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { NodeLimits } from '../protocol/limits.ts'
import { type CountedRate, createCountedRate } from './counted-rate.ts'
import { Fault } from './fault.ts'
import type { SecurityLog } from './security-log.ts'
import { createSharedBudget, type SharedBudget } from './shared-budget.ts'

export type RateName =
  'reads' | 'writes' | 'bids' | 'sessions' | 'subscribes' | 'lookUps' | 'wrongTokens'

/** Who pays. */
export interface Spender {
  /** As Addresses gives it; counted by `groupOf`. */
  readonly address: string
  /** Absent for strangers, and for what nobody pays as a person. */
  readonly personId?: string | undefined
  readonly requestId?: string | undefined
}

/**
 * Counts on this node alone: a cluster of n nodes lets through n times as much. Each rate is counted by person, by address and
 * for the node as a whole, as far as it has limits for these; what one of them refuses, none of them is charged.
 */
export interface Rates {
  /** Takes the price (1 without). @throws Fault `rate-limited` when there is not enough; it is noted who that was */
  take(rate: RateName, by: Spender, price?: number): void
  /** Takes the price in any case: what comes next waits. */
  charge(rate: RateName, by: Spender, price: number): void
  /** How many ms until one more may be taken, by its person and its address; 0 for now. */
  waitMs(rate: RateName, by: Spender): number
}

interface Counted {
  readonly person?: CountedRate
  readonly address?: CountedRate
  readonly node?: SharedBudget
  /** Units of the node's budget for each of the rate's own. */
  readonly weight: number
}

export interface RateDeps {
  clock: Clock
  limits: NodeLimits
  metrics: Metrics
  security: SecurityLog
}

export function createRates(deps: RateDeps): Rates {
  const { metrics, security } = deps
  const rates = countedRates(deps)
  const refuse = (rate: RateName, by: Spender, whose: string, retryAfterMs: number): never => {
    // The engine counts what reaches it; this bid never does.
    if (rate === 'bids') metrics.count('bids_total', rateLimited)
    security.note('rate-exceeded', { ...by, detail: `${rate} ${whose}` })
    throw new Fault('rate-limited', undefined, { retryAfterMs })
  }
  return {
    take(rate, by, price = 1) {
      const { person, address, node, weight } = rates[rate]
      const group = groupOf(by.address)
      const { personId } = by
      const personWaitMs = personId === undefined ? 0 : (person?.waitMs(personId, price) ?? 0)
      if (personWaitMs > 0) refuse(rate, by, 'of the person', personWaitMs)
      const addressWaitMs = address?.waitMs(group, price) ?? 0
      if (addressWaitMs > 0) refuse(rate, by, 'of the address', addressWaitMs)
      const nodeWaitMs = node?.take(group, price * weight) ?? 0
      if (nodeWaitMs > 0) refuse(rate, by, 'of the node', nodeWaitMs)
      if (personId !== undefined) person?.take(personId, price)
      address?.take(group, price)
    },
    charge(rate, by, price) {
      const { person, address, node, weight } = rates[rate]
      const group = groupOf(by.address)
      if (by.personId !== undefined) person?.charge(by.personId, price)
      address?.charge(group, price)
      node?.charge(group, price * weight)
    },
    waitMs(rate, by) {
      const { person, address } = rates[rate]
      const personMs = by.personId === undefined ? 0 : (person?.waitMs(by.personId, 1) ?? 0)
      return Math.max(personMs, address?.waitMs(groupOf(by.address), 1) ?? 0)
    },
  }
}

const rateLimited = { outcome: 'rejected', code: 'rate-limited' }

/** In units of prices.ts: a write is a commit of the store. */
const writeWeight = 5

function countedRates({ clock, limits }: RateDeps): Record<RateName, Counted> {
  const keysMax = limits.countedKeysMax
  const by = (perSecond: number, burst: number) =>
    createCountedRate({ clock, perSecond, burst, keysMax })
  const shared = (perSecond: number, burst: number) =>
    createSharedBudget({ clock, perSecond, burst, keysMax })
  const units = shared(limits.nodeUnitsPerSecond, limits.nodeUnitsBurst)
  return {
    reads: { address: by(limits.readsPerSecond, limits.readsBurst), node: units, weight: 1 },
    writes: {
      person: by(limits.writesPerSecond, limits.writesBurst),
      address: by(limits.addressWritesPerSecond, limits.addressWritesBurst),
      node: units,
      weight: writeWeight,
    },
    bids: {
      person: by(limits.bidsPerSecond, limits.bidsBurst),
      address: by(limits.addressBidsPerSecond, limits.addressBidsBurst),
      node: shared(limits.nodeBidsPerSecond, limits.nodeBidsBurst),
      weight: 1,
    },
    sessions: {
      address: by(limits.sessionsPerSecond, limits.sessionsBurst),
      node: units,
      weight: writeWeight,
    },
    subscribes: {
      address: by(limits.subscribesPerSecond, limits.subscribesBurst),
      node: units,
      weight: 1,
    },
    lookUps: { node: shared(limits.nodeLookUpsPerSecond, limits.nodeLookUpsBurst), weight: 1 },
    wrongTokens: {
      address: by(limits.wrongTokensPerSecond, limits.wrongTokensBurst),
      weight: 1,
    },
  }
}
