import { Exception } from 'node-zookeeper-client'

/** Sent on a connection that gave no answer: broken, or the caller's deadline came first. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** The connection was gone, or full, before anything was sent on it. */
export class NotSent extends Error {
  override readonly name = 'NotSent'
}

/** The server says that the session is over. */
export class Expired extends Error {
  override readonly name = 'Expired'
}

/** The codes of answers that mean something to us. */
export const codes = {
  systemError: Exception.SYSTEM_ERROR,
  connectionLoss: Exception.CONNECTION_LOSS,
  noNode: Exception.NO_NODE,
  noAuth: Exception.NO_AUTH,
  badVersion: Exception.BAD_VERSION,
  nodeExists: Exception.NODE_EXISTS,
  sessionExpired: Exception.SESSION_EXPIRED,
} as const

/** The server's code, when it was the server that answered with an error. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined
}

const known = new Set(Object.values(Exception).filter((value) => typeof value === 'number'))

/** The library throws on codes that are younger than itself. */
export function isKnownCode(code: number): boolean {
  return known.has(code)
}
