import type { Clock } from '../../lib/clock.ts'
import { createGrowingCache } from '../../lib/growing-cache.ts'
import { groupOf } from '../../lib/ip-address.ts'
import type { ProtocolLimits } from '../../protocol/limits.ts'
import { Fault } from '../fault.ts'

/** How many guests may be made on this node in an hour, by address and in all; as many at once, if none were made before. */
export interface GuestQuota {
  /** Takes one, and returns the way to give it back when no guest was made. @throws Fault `too-many-guests` */
  take(address: string): () => void
}

const hourMs = 3_600_000
/** Addresses that are counted; the one that made none for the longest time is forgotten. The node's own quota holds. */
const addressesMax = 20_000

type Limits = Pick<ProtocolLimits, 'guestsPerAddressPerHour' | 'guestsPerNodePerHour'>

export function createGuestQuota({ clock, limits }: { clock: Clock; limits: Limits }): GuestQuota {
  const ofNode = createAllowance(clock, limits.guestsPerNodePerHour)
  const byAddress = createGrowingCache<Allowance>(addressesMax)

  const ofAddress = (address: string) => {
    const group = groupOf(address)
    const known = byAddress.get(group)
    if (known !== undefined) return known
    const allowance = createAllowance(clock, limits.guestsPerAddressPerHour)
    byAddress.set(group, allowance)
    return allowance
  }
  return {
    take(address) {
      const own = ofAddress(address)
      refuseAfter(own.waitMs(), 'from this address')
      refuseAfter(ofNode.waitMs(), 'on this node')
      own.add(-1)
      ofNode.add(-1)
      return () => {
        own.add(1)
        ofNode.add(1)
      }
    },
  }
}

function refuseAfter(retryAfterMs: number, where: string): void {
  if (retryAfterMs <= 0) return
  const detail = `Too many guests signed in ${where} within an hour.`
  throw new Fault('too-many-guests', detail, { retryAfterMs })
}

interface Allowance {
  /** Until one is there; 0 for now. */
  waitMs(): number
  add(count: number): void
}

/** Full at first; what was taken comes back evenly over an hour. */
function createAllowance(clock: Clock, perHour: number): Allowance {
  const msEach = hourMs / perHour
  let left = perHour
  let atMs = clock.monotonicMs()
  const refill = () => {
    const nowMs = clock.monotonicMs()
    left = Math.min(perHour, left + (nowMs - atMs) / msEach)
    atMs = nowMs
  }
  return {
    waitMs() {
      refill()
      return left >= 1 ? 0 : Math.ceil((1 - left) * msEach)
    },
    add(count) {
      left = Math.min(perHour, left + count)
    },
  }
}
