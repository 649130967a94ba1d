import { createBackoff } from '../lib/backoff.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { ClientLimits } from './client.ts'
import { Refused, Unreachable } from './errors.ts'
import { type HttpAnswer, type HttpCall, type HttpExchange, NoAnswer } from './http-exchange.ts'
import type { NodeList } from './node-list.ts'

export interface HttpCaller {
  /**
   * Calls the preferred node, and others when it does not answer; all calls here may be repeated without harm.
   * The body is as docs/protocol.md describes it, and trusted.
   * @throws Refused, Unreachable
   */
  call<Body>(call: HttpCall): Promise<Body>
}

const retryMinMs = 50
const retryMaxMs = 800
/** Longer waits are the caller's to decide. */
const retryAfterMaxMs = 2_000
const repeatable: ReadonlySet<number> = new Set([429, 502, 503, 504])

export function createHttpCaller(deps: {
  exchange: HttpExchange
  nodes: NodeList
  /** The node that serves us just now. */
  preferred: () => string | undefined
  clock: Clock
  entropy: Entropy
  limits: ClientLimits
}): HttpCaller {
  const { exchange, nodes, clock, entropy, limits } = deps

  async function once(url: string, call: HttpCall): Promise<HttpAnswer | NoAnswer> {
    try {
      const answer = await exchange.send(url, call, limits.callTimeoutMs)
      nodes.answered(url, answer.nodeId)
      return answer
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      nodes.failed(url, clock.monotonicMs())
      return error
    }
  }

  return {
    async call<Body>(call: HttpCall) {
      const backoff = createBackoff({ minMs: retryMinMs, maxMs: retryMaxMs, entropy })
      const tried: string[] = []
      let avoid: string | undefined
      for (;;) {
        const prefer = avoid === undefined ? deps.preferred() : undefined
        const url = nodes.pick(clock.monotonicMs(), { prefer, avoid })
        tried.push(url)
        avoid = url
        const answer = await once(url, call)
        const isLast = tried.length >= limits.callTriesMax || call.signal?.aborted === true
        if (answer instanceof NoAnswer) {
          if (isLast) throw new Unreachable([...new Set(tried)], answer)
        } else if (answer.status < 400) {
          return answer.body as Body
        } else if (isLast || !mayFareBetter(answer)) {
          throw refusedBy(answer)
        }
        const askedMs = answer instanceof NoAnswer ? 0 : (answer.retryAfterMs ?? 0)
        await sleep(clock, Math.max(backoff.nextMs(), askedMs), call.signal)
      }
    },
  }
}

function mayFareBetter(answer: HttpAnswer): boolean {
  return repeatable.has(answer.status) && (answer.retryAfterMs ?? 0) <= retryAfterMaxMs
}

function refusedBy(answer: HttpAnswer): Refused {
  const { code } = answer.body
  return new Refused(typeof code === 'string' ? code : 'internal', answer.status, answer.body)
}
