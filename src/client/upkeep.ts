import type { Clock, Timer } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { ClusterJson } from '../protocol/http.ts'
import type { ClientLimits } from './client.ts'
import type { HttpExchange } from './http-exchange.ts'
import { NoAnswer } from './http-exchange.ts'
import type { NodeList } from './node-list.ts'

/** What a client does now and then while its socket is live. */
export interface Upkeep {
  /** A socket to this node is live: learn the others from it, now and again. */
  start(url: string): void
  stop(): void
}

export function createUpkeep(deps: {
  exchange: HttpExchange
  nodes: NodeList
  nudge: () => void
  clock: Clock
  limits: ClientLimits
  log: Log
}): Upkeep {
  const { clock, limits, nodes } = deps
  let timer: Timer | undefined
  let learnAtMs = 0

  async function learn(url: string): Promise<void> {
    try {
      const call = { method: 'GET', path: '/cluster' } as const
      const { body } = await deps.exchange.send(url, call, limits.callTimeoutMs)
      learnFrom(nodes, body)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      deps.log.debug({ url, error }, 'the nodes could not be learnt')
    }
  }
  function tick(url: string): void {
    timer = clock.setTimer(limits.timeEveryMs, () => tick(url))
    deps.nudge()
    if (clock.monotonicMs() < learnAtMs) return
    learnAtMs = clock.monotonicMs() + limits.nodesEveryMs
    void learn(url)
  }
  const stop = () => timer?.cancel()
  return {
    start(url) {
      stop()
      learnAtMs = 0
      tick(url)
    },
    stop,
  }
}

/** An answer without members (a node that has just begun) teaches nothing. */
export function learnFrom(nodes: NodeList, cluster: Partial<ClusterJson>): void {
  const members = Array.isArray(cluster.members) ? cluster.members : []
  const named = members.filter(
    ({ nodeId, url }) => typeof nodeId === 'string' && typeof url === 'string',
  )
  if (named.length > 0) nodes.learn(named)
}
