import { Refused, Unreachable } from '../src/client/errors.ts'
import { OperatingError } from '../src/lib/errors.ts'
import { type ErrorCode, errorCodes } from '../src/protocol/error-code.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { visible } from './visible.ts'

/** A command that cannot go on: what happened, what to do, and how to exit. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode
  readonly advice: string | undefined

  constructor(exitCode: ExitCode, message: string, advice?: string) {
    super(message)
    this.exitCode = exitCode
    this.advice = advice
  }
}

/** Whatever was thrown, as something that a person can act on; undefined for a bug of ours. */
export function failureOf(thrown: unknown): Failure | undefined {
  if (thrown instanceof Failure) return thrown
  if (thrown instanceof Unreachable) {
    const advice = 'Start a node (lotkeeper serve), or name one that runs: --node http://HOST:PORT'
    return new Failure(exitCodes.unreachable, thrown.message, advice)
  }
  if (thrown instanceof Refused)
    return new Failure(exitCodeOf(thrown.code), visible(whatWas(thrown)), adviceOf(thrown.code))
  if (thrown instanceof OperatingError) return failureOfOperating(thrown)
  return undefined
}

const byCode: Readonly<Record<string, ExitCode>> = {
  'no-such-auction': exitCodes.notFound,
  'not-in-journal': exitCodes.notFound,
  'no-such-route': exitCodes.notFound,
  'sign-in-first': exitCodes.signInFirst,
  'store-unavailable': exitCodes.unreachable,
  unsettled: exitCodes.unreachable,
  draining: exitCodes.unreachable,
  overloaded: exitCodes.unreachable,
  'not-sent': exitCodes.unreachable,
  'outcome-unknown': exitCodes.failure,
  closing: exitCodes.refused,
  quarantined: exitCodes.failure,
}

/** For a code of the wire: by the table, else by the status that HTTP gives it. */
export function exitCodeOf(code: string): ExitCode {
  const listed = byCode[code]
  if (listed !== undefined) return listed
  const status = code in errorCodes ? errorCodes[code as ErrorCode].status : 500
  if (status === 400) return exitCodes.usage
  return status < 500 ? exitCodes.refused : exitCodes.failure
}

/** What a code means, in a line; the code itself where it is not of the wire. */
export function titleOf(code: string): string {
  return code in errorCodes ? errorCodes[code as ErrorCode].title : code
}

/** Nodes fill the detail with their advice where they have nothing to say of this very case. */
function whatWas({ code, message }: Refused): string {
  const isAdvice = code in errorCodes && message === errorCodes[code as ErrorCode].advice
  return isAdvice ? titleOf(code) : message
}

export function adviceOf(code: string): string | undefined {
  if (code === 'sign-in-first')
    return 'Sign in: export LOTKEEPER_TOKEN="$(lotkeeper login NAME)", then try again.'
  if (code === 'no-such-auction') return 'lotkeeper auction list shows the auctions there are.'
  return code in errorCodes ? errorCodes[code as ErrorCode].advice : undefined
}

const storeCodes: ReadonlySet<string> = new Set(['suspended', 'session-lost', 'outcome-unknown'])

function failureOfOperating(error: OperatingError): Failure {
  if (error.code === 'bad-config') return new Failure(exitCodes.usage, error.message)
  if (error.code === 'access-refused') return new Failure(exitCodes.unreachable, error.message)
  if (storeCodes.has(error.code)) {
    const advice =
      'Check that the servers named by --store run and form a quorum; lotkeeper doctor looks closer.'
    return new Failure(
      exitCodes.unreachable,
      `the store cannot be reached: ${error.message}`,
      advice,
    )
  }
  return new Failure(exitCodes.failure, error.message)
}
