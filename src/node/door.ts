import { createAddresses } from '../gateway/addresses.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { createOperator } from '../gateway/operator.ts'
import { protocolLimits } from '../protocol/limits.ts'
import type { NodeConfig } from './config.ts'
import { isOpenToOperators } from './open-to-operators.ts'

type Door = Pick<
  GatewayDeps,
  | 'linkUrl'
  | 'allowOrigins'
  | 'allowHosts'
  | 'demoControl'
  | 'behindTls'
  | 'tls'
  | 'limits'
  | 'addresses'
  | 'operator'
>

/** Who may come in, by which names and ways, and how much is taken from whom: all of the gateway that the configuration alone decides. */
export function doorOf(config: NodeConfig): Door {
  return {
    linkUrl: config.linkUrl,
    allowOrigins: config.allowOrigins,
    allowHosts: config.allowHosts,
    demoControl: config.demoControl,
    behindTls: config.behindTls,
    tls: config.tls,
    limits: { ...protocolLimits, ...config.limits },
    addresses: createAddresses(config.trustedProxies),
    operator: createOperator(config.operatorToken, { isOpen: isOpenToOperators(config) }),
  }
}
