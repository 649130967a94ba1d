import type { Response } from 'express'
import type { Fault } from '../fault.ts'
import { problemOf } from '../problem.ts'
import { apiPolicy } from './security-headers.ts'

/** Of the file that was to be sent. */
const ofTheFile = ['ETag', 'Last-Modified', 'Accept-Ranges', 'Content-Length']

export function sendProblem(res: Response, fault: Fault, requestId: string): void {
  const { status, headers, body } = problemOf(fault, requestId)
  for (const name of ofTheFile) res.removeHeader(name)
  res.setHeader('Content-Security-Policy', apiPolicy)
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
  // The rest of a body that is not wanted is not read: it might be endless.
  if (status === 413 || status === 415) res.setHeader('Connection', 'close')
  res.status(status).end(body)
}
