import { errorCodes } from '../protocol/error-code.ts'
import type { ProblemJson } from '../protocol/problem.ts'
import type { Fault } from './fault.ts'

/** RFC 9457 problem details, and what goes before them; nothing of the machinery's own messages or stacks is in them. */
export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function problemOf(fault: Fault, requestId: string): Problem {
  const { status, title } = errorCodes[fault.code]
  const { retryAfterMs, ...facts } = fault.facts
  const problem: ProblemJson = {
    type: `urn:lotkeeper:problem:${fault.code}`,
    title,
    status,
    detail: fault.message,
    code: fault.code,
    requestId,
    ...facts,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  }
  const retryAfter = String(Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1000)))
  const headers = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(retryAfterMs !== undefined && { 'Retry-After': retryAfter }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
  }
  return { status, headers, body: JSON.stringify(problem) }
}
