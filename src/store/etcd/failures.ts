import {
  ClientClosedError,
  EtcdLeaseInvalidError,
  GRPCInvalidArgumentError,
  GRPCUnavailableError,
} from 'etcd3'
import { asError } from '../../lib/clock.ts'
import { OperatingError } from '../../lib/errors.ts'
import { OutcomeUnknown, SessionLost, Suspended } from '../errors.ts'
import { isRefusal } from './refusal.ts'

const refusedUnproposed = ['too many requests']
const neverSent = ['No connection established', 'Channel closed before call started']

/** What a failed commit means. Whatever is not known to have changed nothing may have happened. */
export function commitFailure(thrown: unknown): Error {
  const error = asError(thrown)
  if (error instanceof OperatingError) return error
  if (error instanceof EtcdLeaseInvalidError) return new SessionLost(undefined, { cause: error })
  if (error instanceof GRPCInvalidArgumentError && !isRefusal(error)) return error
  if (changedNothing(error)) return new Suspended(error.message, { cause: error })
  return new OutcomeUnknown(error.message, { cause: error })
}

export function readFailure(thrown: unknown): Error {
  const error = asError(thrown)
  if (error instanceof OperatingError) return error
  if (error instanceof GRPCInvalidArgumentError && !isRefusal(error)) return error
  return new Suspended(error.message, { cause: error })
}

function changedNothing(error: Error): boolean {
  if (error instanceof ClientClosedError || isRefusal(error)) return true
  if (refusedUnproposed.some((text) => error.message.includes(text))) return true
  return (
    error instanceof GRPCUnavailableError && neverSent.some((text) => error.message.includes(text))
  )
}
