import type { z } from 'zod'
import type { Person } from '../../auction/person.ts'
import type { GuestSession } from '../../engine/engine.ts'
import type { ErrorCode } from '../../protocol/error-code.ts'

/** One call of the API: what it takes and gives, for serving it and for describing it in /openapi.json. */
export interface Route<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> {
  readonly method: 'get' | 'post' | 'delete'
  /** With `:name` for parameters. */
  readonly path: string
  readonly summary: string
  readonly needsSession: boolean
  /** The caller is looked up where there is a token; one that nobody knows is as good as none. */
  readonly takesSession?: true
  /** Only with the operator's token; 403 `operator-only` without. `unless-open`: see `Operator.maySee`; it is not noted. */
  readonly needsOperator?: true | 'unless-open'
  readonly rate: 'reads' | 'writes' | 'bids' | 'sessions' | 'none'
  /** What a call costs of its rate, in units of prices.ts; 1 without. */
  readonly price?: number | ((query: z.output<Query>) => number)
  readonly query: Query
  /** Absent: the call takes no body (an empty object is let pass). */
  readonly body?: Body
  readonly takesIdempotencyKey?: true
  readonly answers: Readonly<Record<number, AnswerMeaning>>
  /** Besides those that follow from the fields above. */
  readonly problems: readonly ErrorCode[]
  handle(call: Call<z.output<Query>, z.output<Body>>): Promise<Answer>
}

export interface AnswerMeaning {
  readonly description: string
  readonly schema?: z.ZodType
  /** Where it is no JSON. */
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Call<Query, Body> {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  /** Whoever a bearer token or the cookie names; looked up only where a route needs or takes a session. */
  readonly caller: Caller | undefined
  readonly idempotencyKey: string | undefined
  /** Whether the answer may tell what is the operator's; see `Operator`. */
  readonly maySee: boolean
  /** For the security log. */
  readonly address: string
  readonly requestId: string
  readonly cookies: CallCookies
}

/** The header Set-Cookie for whoever calls. */
export interface CallCookies {
  write(token: string, maxAgeMs: number): string
  clear(): string
}

export interface Caller {
  readonly person: Person
  readonly token: string
  readonly session: GuestSession
  readonly isByCookie: boolean
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** One body for all who ask. */
  readonly text?: { readonly contentType: string; readonly body: Buffer }
}

/** Gives `handle` the types of its query and body. */
export function route<Query extends z.ZodType, Body extends z.ZodType = z.ZodType>(
  definition: Route<Query, Body>,
): Route {
  return definition
}
