import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Whoever runs the cluster: known by a token of its own, which is no session and cannot bid. */
export interface Operator {
  /** Whether the request carries the operator's token as `Authorization: Bearer …`. */
  isAsking(request: IncomingMessage): boolean
}

/** @param token of at least 16 characters; without one nobody is the operator */
export function createOperator(token: string | undefined): Operator {
  const expected = token === undefined ? undefined : digest(token)
  return {
    isAsking({ headers }) {
      const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
      return given !== undefined && expected !== undefined && isSame(digest(given), expected)
    },
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other)
}
