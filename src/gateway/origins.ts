import type { Hosts } from './hosts.ts'

/** Which pages may call this node: its own, those of all live members, and those that the operator named. */
export interface Origins {
  /**
   * @param origin the Origin header
   * @param request the Host header, and whether it came over TLS: a page that this very address served is ours, under any
   * name that is
   */
  isAllowed(origin: string, request: { host: string | undefined; isSecure: boolean }): boolean
  /** What a page may connect to: http and ws origins of all members, for `connect-src`. */
  connectSources(): string[]
  /** Whose pages may frame ours, for `frame-ancestors`: a demo's, else nobody's. */
  frameSources(): string[]
}

export function createOrigins(deps: {
  hosts: Hosts
  ownUrl: () => string
  memberUrls: () => readonly string[]
  allowOrigins: readonly string[]
  /** Called by our cluster page, and frames our pages; it never calls us. */
  demoControl?: string | undefined
}): Origins {
  const { demoControl } = deps
  const called = demoControl === undefined ? [] : [demoControl]
  const allowed = () => [deps.ownUrl(), ...deps.memberUrls(), ...deps.allowOrigins]
  return {
    isAllowed(origin, { host, isSecure }) {
      if (host !== undefined && deps.hosts.isOurs(host)) {
        if (origin === `${isSecure ? 'https' : 'http'}://${host}`) return true
      }
      return allowed().some((url) => namesOf(url).includes(origin))
    },
    connectSources() {
      const sources = new Set<string>()
      for (const url of [...allowed(), ...called]) {
        const origin = originOf(url)
        if (origin === undefined) continue
        sources.add(origin).add(origin.replace(/^http/, 'ws'))
      }
      return [...sources]
    },
    // A policy has no words for IPv6 addresses.
    frameSources: () => called.flatMap(namesOf).filter((name) => !name.includes('[')),
  }
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]']

/** The origin of a URL; a loopback address goes by all its names, as browsers do not know that they are one. */
function namesOf(url: string): string[] {
  const origin = originOf(url)
  if (origin === undefined) return []
  const { protocol, hostname, port } = new URL(origin)
  if (!loopbackNames.includes(hostname)) return [origin]
  return loopbackNames.map((name) => `${protocol}//${name}${port === '' ? '' : `:${port}`}`)
}

function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, origin } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined
}
