import { createBackoff } from '../lib/backoff.ts'
import type { Entropy } from '../lib/entropy.ts'
import { adviceOf, type Advice, type SocketEnd } from './close-advice.ts'
import type { NodeList } from './node-list.ts'

/** Where the next socket goes, and when: decided from how the last one ended. */
export interface Reconnect {
  nextUrl(nowMs: number): string
  /** A greeting came; whether it is this socket's first. */
  greeted(nowMs: number): boolean
  ended(url: string, end: SocketEnd, nowMs: number): { advice: Advice; waitMs: number }
}

/** A node that asks for patience gets at least so long, spread over as much again. */
const patienceMs = 1_000
/** A socket that lived so long was a success: the next wait is short again. */
const stableMs = 5_000

export function createReconnect(deps: {
  nodes: NodeList
  entropy: Entropy
  limits: { reconnectMinMs: number; reconnectMaxMs: number }
}): Reconnect {
  const { nodes, entropy, limits } = deps
  const backoff = createBackoff({
    minMs: limits.reconnectMinMs,
    maxMs: limits.reconnectMaxMs,
    entropy,
  })
  let liveSinceMs: number | undefined
  let last: { url: string; isWell: boolean } | undefined
  return {
    nextUrl(nowMs) {
      if (last === undefined) return nodes.pick(nowMs)
      return nodes.pick(nowMs, last.isWell ? { prefer: last.url } : { avoid: last.url })
    },
    greeted(nowMs) {
      const isFirst = liveSinceMs === undefined
      liveSinceMs ??= nowMs
      return isFirst
    },
    ended(url, end, nowMs) {
      const advice = adviceOf(end)
      const isWell = advice !== 'elsewhere' && advice !== 'back-off'
      if (!isWell) nodes.failed(url, nowMs)
      last = { url, isWell }
      if (liveSinceMs !== undefined && nowMs - liveSinceMs >= stableMs) backoff.reset()
      liveSinceMs = undefined
      const extraMs = advice === 'back-off' ? patienceMs * (1 + entropy.random()) : 0
      return { advice, waitMs: backoff.nextMs() + extraMs }
    },
  }
}
