import type { Conditions } from './conditions.ts'
import type { Minor } from './money.ts'
import type { Person } from './person.ts'

/** What is asked for, in the imperative. `at` is the stamp of cluster time at which the node received it. */
export type Command = CreateAuction | OpenAuction | PlaceBid | CloseAuction | CancelAuction

export interface CreateAuction {
  readonly type: 'CreateAuction'
  readonly at: number
  readonly seller: Person
  readonly conditions: Conditions
}
export interface OpenAuction {
  readonly type: 'OpenAuction'
  readonly at: number
}
export interface PlaceBid {
  readonly type: 'PlaceBid'
  readonly at: number
  readonly bidId: string
  readonly bidder: Person
  readonly amountMinor: Minor
}
/** From the leader, at or after `endsAt` + grace. */
export interface CloseAuction {
  readonly type: 'CloseAuction'
  readonly at: number
  /**
   * Since when the store has served without a break, in cluster time (so `at` or earlier). When a break reaches into the
   * last `creditWindowMs` before the end, `decide` gives the lost time back instead of closing.
   */
  readonly servingSince: number
  /** Names the newest break, e.g. its start; the same on every leader. Absent where there was none. */
  readonly outage?: Outage
}
/** A time in which no bid could be committed. */
export interface Outage {
  readonly id: string
  readonly from: number
  readonly to: number
}
export interface CancelAuction {
  readonly type: 'CancelAuction'
  readonly at: number
  readonly by: Person
}
