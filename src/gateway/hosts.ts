import { isIP } from 'node:net'

/** By which names this node may be called. Any page can bind a name of its own to our address, and is then of our origin. */
export interface Hosts {
  /**
   * Whether the `Host` header names us: a loopback name, an address (nobody can bind that anew), the host of one of our URLs, or a
   * name that the operator allowed. Ports do not matter. Programs of HTTP/1.0 send none, browsers always do: undefined is ours.
   */
  isOurs(host: string | undefined): boolean
}

/** @param deps.urls own and members' URLs, and origins that the operator allowed: whoever owns those names is one of us */
export function createHosts(deps: {
  urls: () => readonly string[]
  /** Names without a port. */
  allowHosts: readonly string[]
}): Hosts {
  const allowed = new Set(deps.allowHosts.map(hostNameOf))
  return {
    isOurs(host) {
      if (host === undefined) return true
      const name = hostNameOf(host)
      if (name === undefined) return false
      if (name === 'localhost' || isAddress(name) || allowed.has(name)) return true
      return deps
        .urls()
        .some((url) => URL.canParse(url) && withoutDot(new URL(url).hostname) === name)
    },
  }
}

/** Letters of any script, as the operator may write them; nothing that a URL would take for more than host and port. */
const hostPattern = /^(?:[\p{L}\p{N}._-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/iu

/** Of `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`, as URLs write it: lower case, without a last dot. Undefined for anything else. */
export function hostNameOf(host: string): string | undefined {
  if (!hostPattern.test(host) || !URL.canParse(`http://${host}`)) return undefined
  return withoutDot(new URL(`http://${host}`).hostname)
}

/** @param name as `hostNameOf` gives it */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'))
}

/** @param name as `hostNameOf` gives it */
export function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}
