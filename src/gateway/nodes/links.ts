import type { NodeLinks } from '../../engine/forwarding.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { createLink, type Link, type LinkDeps } from './link.ts'
import { linkLimits } from './link-protocol.ts'

export interface LinksDeps extends Omit<LinkDeps, 'onOpenChange'> {
  metrics: Metrics
}

/**
 * One link for each incarnation of a node, opened at the first need, closed when it is not used. Bids that are forwarded to one
 * node arrive in that order or not at all.
 */
export function createNodeLinks(deps: LinksDeps): NodeLinks & { close(): void } {
  let openCount = 0
  const onOpenChange = (by: 1 | -1) => {
    openCount += by
    deps.metrics.gauge('node_links', openCount, { direction: 'out' })
  }
  const linkDeps = { ...deps, onOpenChange }
  /** The one that was used last comes last. */
  const links = new Map<string, Link>()
  let isClosed = false

  const drop = (sessionId: string) => {
    const link = links.get(sessionId)
    links.delete(sessionId)
    link?.close()
  }
  return {
    async forward(to, bids, withinMs) {
      const { sessionId } = to
      if (isClosed) return { kind: 'not-sent' }
      const link = links.get(sessionId) ?? createLink(to, linkDeps, () => drop(sessionId))
      links.delete(sessionId)
      links.set(sessionId, link)
      const [oldest] = links.keys()
      if (links.size > linkLimits.linksMax && oldest !== undefined) drop(oldest)
      return link.forward(bids, withinMs)
    },
    close() {
      isClosed = true
      for (const sessionId of [...links.keys()]) drop(sessionId)
    },
  }
}
