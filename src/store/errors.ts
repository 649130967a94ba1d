import { OperatingError } from '../lib/errors.ts'

/** Sent, no answer: it may have happened, or may still happen. Only the same guarded commit again, or a read, can tell. */
export class OutcomeUnknown extends OperatingError {
  constructor(message = 'the store did not answer in time', options?: { cause?: unknown }) {
    super('outcome-unknown', message, options)
  }
}

/** The store cannot be reached (or has no quorum) just now; nothing was sent, nothing will be. */
export class Suspended extends OperatingError {
  constructor(message = 'the store is not serving', options?: { cause?: unknown }) {
    super('suspended', message, options)
  }
}

/** The session that was to own an ephemeral is over. */
export class SessionLost extends OperatingError {
  constructor(message = 'the session is over', options?: { cause?: unknown }) {
    super('session-lost', message, options)
  }
}

/** Beyond the port's limits; nothing was sent. Halve it, or refuse it to the caller. */
export class TooLarge extends OperatingError {
  constructor(message: string) {
    super('too-large', message)
  }
}

/** The store is there and does not let us in: a wrong user, password or certificate, or too few rights. The message says what to do. */
export class AccessRefused extends OperatingError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('access-refused', message, options)
  }
}
