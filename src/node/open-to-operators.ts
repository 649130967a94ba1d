import { hostNameOf, isLoopbackName } from '../gateway/hosts.ts'
import type { NodeConfig } from './config.ts'

/**
 * Whether everybody who reaches this node may see what is the operator's (metrics, and all of `GET /cluster`): only its own machine can
 * reach it, and nothing that was set says that a proxy brings others.
 */
export function isOpenToOperators(
  config: Pick<
    NodeConfig,
    'host' | 'advertiseUrl' | 'allowOrigins' | 'allowHosts' | 'trustedProxies' | 'behindTls'
  >,
): boolean {
  const { host, advertiseUrl, allowOrigins, allowHosts, trustedProxies, behindTls } = config
  const isProxied =
    behindTls || [allowOrigins, allowHosts, trustedProxies].some((list) => list.length > 0)
  return (
    isLoopback(host) && !isProxied && (advertiseUrl === undefined || isLoopbackUrl(advertiseUrl))
  )
}

/** @param host as one gives it to `listen` */
export function isLoopback(host: string): boolean {
  const name = hostNameOf(host.includes(':') ? `[${host}]` : host)
  return name !== undefined && isLoopbackName(name)
}

function isLoopbackUrl(url: string): boolean {
  const name = URL.canParse(url) ? hostNameOf(new URL(url).host) : undefined
  return name !== undefined && isLoopbackName(name)
}
