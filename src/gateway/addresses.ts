import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { parseCidr, plainAddress } from '../lib/ip-address.ts'

/** Who asks, by network address. What is counted by address is counted by `groupOf` of lib/ip-address.ts. */
export interface Addresses {
  /**
   * The other end of the connection; where that is a trusted proxy, the nearest address in `X-Forwarded-For` that is none.
   * IPv4 is written as such, also where the system maps it into IPv6. Empty once the connection is gone.
   */
  of(request: IncomingMessage): string
  /** Whether this is a trusted proxy, behind which many people stand. @param address as `plainAddress` writes it */
  isTrusted(address: string): boolean
  /** Whether the other end of the connection is a trusted proxy, so that what it says of the request may be believed. */
  isFromProxy(request: IncomingMessage): boolean
}

/** A header that names more proxies than this is not read: nobody stands behind so many. */
const forwardedMax = 32

/** @param trustedProxies addresses or CIDR ranges whose `X-Forwarded-For` is believed; see `parseCidr` */
export function createAddresses(trustedProxies: readonly string[]): Addresses {
  const trusted = new BlockList()
  for (const text of trustedProxies) {
    const range = parseCidr(text)
    if (range !== undefined) trusted.addSubnet(range.address, range.prefix, range.family)
  }
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  const nearest = ({ socket }: IncomingMessage) => plainAddress(socket.remoteAddress ?? '')
  return {
    isTrusted,
    isFromProxy: (request) => isTrusted(nearest(request)),
    of(request) {
      const near = nearest(request)
      if (trustedProxies.length === 0 || !isTrusted(near)) return near
      const header = [request.headers['x-forwarded-for'] ?? ''].flat().join(',')
      const named = header.split(',', forwardedMax + 1).map((part) => plainAddress(part.trim()))
      if (named.length > forwardedMax) return near
      let found = near
      for (const address of named.reverse()) {
        // What stands left of nonsense was written by whoever wrote the nonsense.
        if (isIP(address) === 0) break
        found = address
        if (!isTrusted(address)) break
      }
      return found
    },
  }
}
