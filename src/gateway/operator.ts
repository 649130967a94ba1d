import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Whoever runs the cluster: known by a token of its own, which is no session and cannot bid. */
export interface Operator {
  /** Whether the request carries the operator's token as `Authorization: Bearer …`. */
  isAsking(request: IncomingMessage): boolean
  /** Whether the answer may tell what is the operator's: to the operator, and on an open node to everybody who asks it directly. */
  maySee(request: IncomingMessage): boolean
}

/** Proxies write these, even those that we were not told of; a request with one of them comes from further away. */
const proxyHeaders = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']

/**
 * @param token of at least 16 characters; without one nobody is the operator
 * @param options.isOpen whether only our own machine reaches this node
 */
export function createOperator(
  token: string | undefined,
  { isOpen }: { isOpen: boolean } = { isOpen: false },
): Operator {
  const expected = token === undefined ? undefined : digest(token)
  const operator: Operator = {
    isAsking({ headers }) {
      const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
      return given !== undefined && expected !== undefined && isSame(digest(given), expected)
    },
    maySee(request) {
      const isDirect = proxyHeaders.every((name) => request.headers[name] === undefined)
      return (isOpen && isDirect) || operator.isAsking(request)
    },
  }
  return operator
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other)
}
