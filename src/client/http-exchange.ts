import type { Clock } from '../lib/clock.ts'
import { parseObject } from './parse-frame.ts'
import type { FetchLike } from './platform.ts'

export interface HttpCall {
  method: 'GET' | 'POST' | 'DELETE'
  /** Below `/api/v1`, with its query. */
  path: string
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  /** The JSON object that came; empty when it was none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly nodeId: string | undefined
  /** What the node asks to wait. */
  readonly retryAfterMs: number | undefined
}

/** No answer from this node: refused, cut, or not in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  /** Whether the call may have reached the node all the same. */
  readonly mayHaveArrived: boolean

  constructor(url: string, mayHaveArrived: boolean, cause: unknown) {
    super(`${url} did not answer`, { cause })
    this.mayHaveArrived = mayHaveArrived
  }
}

export interface HttpExchange {
  /** One call to one node, once. @throws NoAnswer */
  send(url: string, call: HttpCall, timeoutMs: number): Promise<HttpAnswer>
}

export function createHttpExchange(deps: {
  fetch: FetchLike
  clock: Clock
  token: () => string | undefined
}): HttpExchange {
  const { fetch, clock } = deps
  return {
    async send(url, call, timeoutMs) {
      const abort = new AbortController()
      const onAbort = () => abort.abort(call.signal?.reason)
      if (call.signal?.aborted) throw new NoAnswer(url, false, call.signal.reason)
      call.signal?.addEventListener('abort', onAbort, { once: true })
      const timer = clock.setTimer(timeoutMs, () => {
        abort.abort(new Error(`no answer within ${timeoutMs} ms`))
      })
      try {
        const token = deps.token()
        const response = await fetch(`${url}/api/v1${call.path}`, {
          method: call.method,
          headers: {
            accept: 'application/json',
            ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...call.headers,
          },
          ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
          signal: abort.signal,
        })
        const body = parseObject(await response.text()) ?? {}
        return {
          status: response.status,
          body,
          nodeId: response.headers.get('x-lotkeeper-node') ?? undefined,
          retryAfterMs: retryAfterOf(body, response.headers.get('retry-after')),
        }
      } catch (error) {
        throw new NoAnswer(url, !isNeverSent(error), error)
      } finally {
        timer.cancel()
        call.signal?.removeEventListener('abort', onAbort)
      }
    },
  }
}

function retryAfterOf(body: Record<string, unknown>, header: string | null): number | undefined {
  const fromBody = body['retryAfterMs']
  if (typeof fromBody === 'number' && fromBody >= 0) return fromBody
  const seconds = header === null ? Number.NaN : Number(header)
  return seconds >= 0 ? seconds * 1_000 : undefined
}

const connectFailures: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Node names a connection that never was; a browser does not tell, and then it may have arrived. */
function isNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && connectFailures.has(cause.code)
}
