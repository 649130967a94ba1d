import type { SessionCookies } from '../cookie.ts'
import type { GatewayDeps } from '../gateway-deps.ts'
import type { Identity } from '../identity.ts'
import type { Rates } from '../rate.ts'
import type { ShownTime } from '../shown-time.ts'
import type { TokenRate } from './token-bucket.ts'

/** What the handlers of frames need. */
export interface SocketDeps extends GatewayDeps {
  identity: Identity
  rates: Rates
  cookies: SessionCookies
  now: ShownTime
  /** Of frames, for each socket. */
  frameRate: TokenRate
  /** Of frames beyond that rate, for each socket: it is closed when they are used up. */
  strikeRate: TokenRate
}
