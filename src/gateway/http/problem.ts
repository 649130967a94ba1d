import type { Response } from 'express'
import { errorCodes } from '../../protocol/error-code.ts'
import type { ProblemJson } from '../../protocol/problem.ts'
import type { Fault } from '../fault.ts'

/** Answers with RFC 9457 problem details; nothing of the machinery's own messages or stacks is in them. */
export function sendProblem(res: Response, fault: Fault, requestId: string): void {
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
  if (retryAfterMs !== undefined) {
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
  }
  if (status === 401) res.setHeader('WWW-Authenticate', 'Bearer')
  // The rest of a body that is not wanted is not read: it might be endless.
  if (status === 413 || status === 415) res.setHeader('Connection', 'close')
  res.status(status).setHeader('Content-Type', 'application/problem+json')
  res.end(JSON.stringify(problem))
}
