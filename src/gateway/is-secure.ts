import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { Addresses } from './addresses.ts'

/**
 * Whether a request crossed the open network over TLS: ours, or that of a proxy before us, which the operator vouches for
 * (`behindTls`) or a trusted proxy says of this one request (`X-Forwarded-Proto`). Without a request: whether people reach us so.
 */
export type IsSecure = (request?: IncomingMessage) => boolean

export function createIsSecure(deps: {
  addresses: Addresses
  ownUrl: () => string
  behindTls: boolean
  hasTls: boolean
}): IsSecure {
  const { addresses, ownUrl, behindTls, hasTls } = deps
  return (request) => {
    if (behindTls || hasTls || ownUrl().startsWith('https:')) return true
    if (request === undefined) return false
    if ((request.socket as Partial<TLSSocket>).encrypted === true) return true
    return addresses.isFromProxy(request) && nearestProto(request) === 'https'
  }
}

/** What the nearest proxy wrote: the last of several. */
function nearestProto({ headers }: IncomingMessage): string | undefined {
  return [headers['x-forwarded-proto'] ?? ''].flat().join(',').split(',').at(-1)?.trim()
}
