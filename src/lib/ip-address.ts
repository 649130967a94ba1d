import { isIP } from 'node:net'

/** `10.0.0.0/8`, `fd00::/8` or one address; undefined for anything else. */
export function parseCidr(
  text: string,
): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', prefixText, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return undefined
  const longest = version === 4 ? 32 : 128
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined
  const prefix = prefixText === undefined ? longest : Number(prefixText)
  if (prefix > longest) return undefined
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** What shares one count: an IPv4 address, or the /64 of an IPv6 one, as one household or server has all of it. */
export function groupOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.replace(/%.*$/, '').split('::')
  const [front, back] = [head, tail].map((part) => part.split(':').filter((word) => word !== ''))
  const missing = Math.max(0, 8 - (front?.length ?? 0) - (back?.length ?? 0))
  const words = [...(front ?? []), ...Array<string>(missing).fill('0'), ...(back ?? [])]
  const network = words.slice(0, 4).map((word) => Number.parseInt(word, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** IPv4 written as such, also where the system maps it into IPv6. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ?? address
}
