import type { StoreFill } from '../../engine/store-fill.ts'
import { Fault } from '../fault.ts'

/** New guests and auctions wait for room; bids and closes have what is left. @throws Fault `store-full` */
export function createRefuseWhenFull(deps: {
  storeFill: StoreFill
  limits: { storeFillPercentMax: number }
}): () => void {
  const { storeFill, limits } = deps
  return () => {
    if ((storeFill.percent() ?? 0) >= limits.storeFillPercentMax) throw new Fault('store-full')
  }
}
