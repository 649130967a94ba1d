import { closeCodes } from '../protocol/close-code.ts'

/** Why a socket is over; `code` where the other side said. */
export interface SocketEnd {
  readonly why: 'closed' | 'silent' | 'paused' | 'not-greeted' | 'signed-out'
  readonly code?: number | undefined
}

/**
 * elsewhere: another node, at once. again: this node is well, resume. back-off: it asks for patience.
 * sign-in: no use before there is a valid session. no-such-auction: something that we watch does not exist.
 */
export type Advice = 'elsewhere' | 'again' | 'back-off' | 'sign-in' | 'no-such-auction'

/** What a client does after the end of a socket: the ranges of the close codes say it (docs/protocol.md). */
export function adviceOf(end: SocketEnd): Advice {
  if (end.why === 'signed-out') return 'again'
  switch (end.code) {
    case closeCodes.slowConsumer:
      return 'again'
    case closeCodes.overloaded:
    case closeCodes.rateLimited:
    case closeCodes.policy:
    case closeCodes.tooBig:
      return 'back-off'
    case closeCodes.signInFirst:
      return 'sign-in'
    case closeCodes.noSuchAuction:
      return 'no-such-auction'
    default:
      return 'elsewhere'
  }
}
