import type { GatewayDeps } from '../gateway-deps.ts'
import type { Identity } from '../identity.ts'
import type { Rates } from '../rate.ts'
import type { ShownTime } from '../shown-time.ts'

/** What the handlers of frames need. */
export interface SocketDeps extends GatewayDeps {
  identity: Identity
  rates: Rates
  now: ShownTime
}
