import type { Clock } from '../../lib/clock.ts'
import { OutcomeUnknown, Suspended } from '../errors.ts'
import type { CallOptions } from '../store.ts'
import { commitFailure, readFailure } from './failures.ts'
import type { Lifeline } from './lifeline.ts'
import type { Link } from './link.ts'
import { within } from './within.ts'

/** For gRPC: an instant of the wall clock, so that a call that was given up does not linger. */
export interface GrpcOptions {
  readonly deadline: number
}

export interface Question<T> {
  kind: 'read' | 'commit'
  /** The answer comes by way of the quorum. */
  isQuorum: boolean
  send: (link: Link, options: GrpcOptions) => Promise<T>
}

export type Call = <T>(question: Question<T>, options: CallOptions) => Promise<T>

/** One question to the store: not asked unless we serve, given up at its deadline, never asked twice. */
export function createCall(deps: {
  clock: Clock
  sessionTimeoutMs: number
  lifeline: Lifeline
}): Call {
  const { clock, lifeline } = deps
  return async (question, options) => {
    if (lifeline.handle.session.state !== 'serving') throw new Suspended()
    if (options.signal?.aborted === true) throw new Suspended('given up before it was sent')
    const deadlineMs = options.deadlineMs ?? deps.sessionTimeoutMs / 3
    const startMs = clock.monotonicMs()
    const ready = lifeline.link({ ms: deadlineMs, signal: options.signal })
    const link = ready instanceof Promise ? await ready : ready
    const sentMs = clock.monotonicMs()
    const leftMs = deadlineMs - (sentMs - startMs)
    if (leftMs <= 0) throw new Suspended()
    const isCommit = question.kind === 'commit'
    try {
      const answer = await within(
        clock,
        { ms: leftMs, signal: options.signal },
        question.send(link, { deadline: clock.wallMs() + leftMs }),
        () => (isCommit ? new OutcomeUnknown() : new Suspended('no answer in time')),
      )
      if (question.isQuorum) lifeline.sawQuorum(sentMs)
      return answer
    } catch (error) {
      throw isCommit ? commitFailure(error) : readFailure(error)
    }
  }
}
