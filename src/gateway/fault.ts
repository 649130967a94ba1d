import { OperatingError } from '../lib/errors.ts'
import { errorCodes, type ErrorCode } from '../protocol/error-code.ts'
import type { ProblemJson } from '../protocol/problem.ts'

/** What a caller needs to go on, besides the code. */
export type FaultFacts = Pick<
  Partial<ProblemJson>,
  'pointer' | 'parameter' | 'final' | 'seq' | 'minimumNextBid' | 'endsAt' | 'retryAfterMs'
>

/** A request that is refused or failed, in words that may be shown to whoever asked. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly facts: FaultFacts

  constructor(code: ErrorCode, detail?: string, facts: FaultFacts = {}) {
    super(detail ?? errorCodes[code].advice)
    this.name = new.target.name
    this.code = code
    this.facts = facts
  }
}

/** When to try again where nobody knows better. */
const retryAfterMs = 1_000

/** Whatever was thrown, as something to tell: the machinery's own words stay inside. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  if (thrown instanceof OperatingError) return operatingFault(thrown.code)
  if (thrown instanceof Error) return parserFault(thrown)
  return new Fault('internal')
}

function operatingFault(code: string): Fault {
  switch (code) {
    case 'suspended':
    case 'session-lost':
      return new Fault('store-unavailable', undefined, { retryAfterMs })
    case 'unsettled':
      return new Fault('unsettled', undefined, { retryAfterMs })
    case 'outcome-unknown':
    case 'overloaded':
      return new Fault(code, undefined, { retryAfterMs })
    case 'quarantined':
      return new Fault(code)
    default:
      return new Fault('internal')
  }
}

/** Errors of Express and its body parser carry a `type`, a `status`, or both. */
function parserFault(error: Error & { type?: unknown; status?: unknown }): Fault {
  switch (error.type) {
    case 'entity.too.large':
      return new Fault('too-large')
    case 'entity.parse.failed':
    case 'request.size.invalid':
    case 'request.aborted':
      return new Fault('bad-json')
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Fault('wrong-content-type', 'Send UTF-8, uncompressed.')
    default:
      return statusFault(error.status)
  }
}

/** Whatever a library refuses is the caller's doing, by whatever name: none of it is a failure of ours. */
function statusFault(status: unknown): Fault {
  switch (status) {
    case 404:
      return new Fault('no-such-route')
    case 405:
      return new Fault('method-not-allowed')
    case 412:
      return new Fault('precondition-failed')
    case 413:
      return new Fault('too-large')
    case 415:
      return new Fault('wrong-content-type')
    case 416:
      return new Fault('range-not-satisfiable')
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? new Fault('bad-request', 'The URL or a header is malformed.')
        : new Fault('internal')
  }
}
