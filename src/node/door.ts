import { createAddresses } from '../gateway/addresses.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { createOperator } from '../gateway/operator.ts'
import { createSecurityLog } from '../gateway/security-log.ts'
import type { Clock } from '../lib/clock.ts'
import { descriptorsMax } from '../lib/descriptors.ts'
import type { Log } from '../lib/log.ts'
import { protocolLimits, type ProtocolLimits } from '../protocol/limits.ts'
import type { NodeConfig } from './config.ts'
import { fitLimits } from './fit-limits.ts'
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
  | 'security'
  | 'operator'
>

/** Who may come in, by which names and ways, and how much is taken from whom: all of the gateway that the configuration alone decides. */
export function doorOf(config: NodeConfig, base: { clock: Clock; log: Log }): Door {
  return {
    linkUrl: config.linkUrl,
    allowOrigins: config.allowOrigins,
    allowHosts: config.allowHosts,
    demoControl: config.demoControl,
    behindTls: config.behindTls,
    tls: config.tls,
    limits: gatewayLimits(config, base.log),
    addresses: createAddresses(config.trustedProxies),
    security: createSecurityLog(base),
    operator: createOperator(config.operatorToken, { isOpen: isOpenToOperators(config) }),
  }
}

/** As they were set, lowered to the descriptors that the process may have. */
function gatewayLimits({ limits }: NodeConfig, log: Log): ProtocolLimits {
  const wanted = { ...protocolLimits, ...limits }
  const descriptors = descriptorsMax()
  const lowered = fitLimits(wanted, descriptors)
  if (Object.keys(lowered).length === 0) return wanted
  log.warn(
    { descriptors, ...lowered },
    'limits lowered to the open files that are allowed (ulimit -Hn)',
  )
  return { ...wanted, ...lowered }
}
