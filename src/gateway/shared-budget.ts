import type { Clock } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import { createTokenRate } from './ws/token-bucket.ts'

/**
 * What a node spends on all callers together. While there is enough, everybody may spend. Once there is not, each key may
 * still spend its fair share: `perSecond` over the number of keys that spent within the last second or two, and never less
 * than `shareMin` a second. So a key that spends little is served, however much others want.
 */
export interface SharedBudget {
  /** 0 when the price was taken, else how many ms to wait. */
  take(key: string, price: number): number
  /** Takes the price in any case. */
  charge(key: string, price: number): void
}

/** Units a second that each key may always spend; above `perSecond / shareMin` keys at once they spend more than `perSecond`. */
const shareMin = 20

interface Spent {
  /** Within its share it flows off again. */
  units: number
  atMs: number
  /** The second in which it was counted among those that spend. */
  second: number
}

export function createSharedBudget(options: {
  clock: Clock
  perSecond: number
  burst: number
  keysMax: number
}): SharedBudget {
  const { clock, perSecond, burst, keysMax } = options
  const rate = createTokenRate({ clock, perSecond, burst })
  const whole = rate.fullBucket()
  const spentBy = createGrowingCache<Spent>(keysMax)
  let second = 0
  /** How many keys spend: in the second under way, and in the one before. */
  let spending = { now: 0, before: 0 }

  const turnSecond = (nowMs: number) => {
    const current = Math.floor(nowMs / 1000)
    if (current === second) return
    spending = { now: 0, before: current === second + 1 ? spending.now : 0 }
    second = current
  }
  const shareOf = () => Math.max(shareMin, perSecond / Math.max(spending.now, spending.before, 1))
  const look = (key: string): Spent => {
    const nowMs = clock.monotonicMs()
    turnSecond(nowMs)
    const spent = spentBy.get(key) ?? { units: 0, atMs: nowMs, second: -1 }
    if (spent.second === -1) spentBy.set(key, spent)
    if (spent.second !== second) {
      spent.second = second
      spending.now++
    }
    spent.units = Math.max(0, spent.units - ((nowMs - spent.atMs) / 1000) * shareOf())
    spent.atMs = nowMs
    return spent
  }
  const spend = (spent: Spent, price: number) => {
    rate.charge(whole, price)
    spent.units = Math.min(burst, spent.units + price)
  }
  return {
    take(key, price) {
      const spent = look(key)
      const share = shareOf()
      const waitMs = rate.waitMs(whole, price)
      // What costs more than a share is within it for a key that has spent nothing.
      const isWithinShare = spent.units === 0 || spent.units + price <= share
      if (waitMs > 0 && !isWithinShare) {
        const shareWaitMs = Math.ceil(((spent.units + price - share) / share) * 1000)
        return Math.max(1, Math.min(waitMs, shareWaitMs))
      }
      spend(spent, price)
      return 0
    },
    charge(key, price) {
      spend(look(key), price)
    },
  }
}
