import type { GuestSession } from '../../engine/engine.ts'
import type { Outlet } from './outlet.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { TokenBucket } from './token-bucket.ts'

/** One socket and what we know of whoever holds it. */
export interface Connection {
  readonly outlet: Outlet
  readonly address: string
  readonly subscriptions: Subscriptions
  readonly frames: TokenBucket
  /** How many frames over the rate are still put up with. */
  readonly strikes: TokenBucket
  /** Pings since anything was heard. */
  missedPingCount: number
  /** Bids whose outcome has not been sent. */
  bidsInFlight: number
  /** Called when the last outcome has been sent. */
  onIdle: (() => void) | undefined
  token: string | undefined
  /** Absent as well while the store cannot tell whose token it is. */
  session: GuestSession | undefined
}
