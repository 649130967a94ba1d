import type { Clock, Timer } from '../lib/clock.ts'
import type { ClusterJson } from '../protocol/http.ts'
import type { ClientLimits } from './client.ts'
import { type HttpExchange, NoAnswer } from './http-exchange.ts'
import type { NodeList } from './node-list.ts'

/**
 * A node that says "paused" speaks of its own link to the store. While the others serve, bidding goes on without us and no
 * time is given back for it: so others are asked, one after the other, and the node is left when one of them serves.
 */
export interface SecondOpinion {
  /** The node at this URL says that it is paused. */
  seek(url: string): void
  /** It serves again, or its socket is over. */
  drop(): void
}

export function createSecondOpinion(deps: {
  exchange: HttpExchange
  nodes: NodeList
  clock: Clock
  limits: ClientLimits
  /** Another node serves. */
  onOtherServes: () => void
}): SecondOpinion {
  const { clock, limits, nodes } = deps
  let timer: Timer | undefined

  async function ask(pausedUrl: string): Promise<void> {
    const own = (timer = clock.setTimer(limits.timeEveryMs, () => void ask(pausedUrl)))
    const url = nodes.pick(clock.monotonicMs(), { avoid: pausedUrl })
    if (url === pausedUrl) return
    const serves = await isServing(url)
    if (serves && timer === own) deps.onOtherServes()
  }
  async function isServing(url: string): Promise<boolean> {
    try {
      const call = { method: 'GET', path: '/cluster' } as const
      const { body } = await deps.exchange.send(url, call, limits.quietMs)
      const { node, store, members } = body as Partial<ClusterJson>
      const isReady = members?.find(({ nodeId }) => nodeId === node)?.ready === true
      return isReady && store?.state === 'serving'
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      nodes.failed(url, clock.monotonicMs())
      return false
    }
  }
  return {
    seek(url) {
      timer ??= clock.setTimer(limits.pausePatienceMs, () => void ask(url))
    },
    drop() {
      timer?.cancel()
      timer = undefined
    },
  }
}
