import { asError, type Clock, timerMaxMs } from '../../lib/clock.ts'
import { createDeferred } from '../../lib/deferred.ts'

export type CallKind = 'get' | 'freshGet' | 'list' | 'commit' | 'session'

/** How long the ways there and back take; `Infinity` loses what travels. */
export interface Travel {
  readonly requestMs: number
  readonly replyMs: number
}

export interface Request<T> {
  readonly kind: CallKind
  /** Happens at the server, in one step, on arrival. */
  readonly run: () => T
  /** What the caller is told when no answer came. */
  readonly unanswered: () => Error
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One client's way to the server. While it is silent, what was sent waits on the wire, both ways, and arrives when it heals:
 * late, but it does (a commit may land long after its caller gave up).
 */
export interface Link {
  readonly isSilent: boolean
  silence(): void
  heal(): void
  /** The next commit is carried out and its answer lost. */
  dropReply(): void
  call<T>(request: Request<T>): Promise<T>
  /** One way, from the server; merged with others while silent. */
  ring(ring: () => void): void
  /** Everybody who waits for an answer is told that none came. */
  giveUp(): void
}

export function createLink(deps: {
  clock: Clock
  travel: (kind: CallKind) => Travel | undefined
}): Link {
  let isSilent = false
  let dropCount = 0
  let stuck: (() => void)[] = []
  let missed = new Set<() => void>()
  const waiting = new Set<() => void>()

  const pass = (afterMs: number, arrive: () => void) => {
    const land = () => {
      if (isSilent) stuck.push(arrive)
      else arrive()
    }
    if (afterMs === 0) land()
    else if (afterMs < timerMaxMs) deps.clock.setTimer(afterMs, land)
  }
  const travelOf = (kind: CallKind): Travel | undefined => {
    const travel = deps.travel(kind)
    if (kind !== 'commit' || dropCount === 0) return travel
    dropCount--
    return { requestMs: travel?.requestMs ?? 0, replyMs: Infinity }
  }
  const send = <T>(request: Request<T>, travel: Travel): Promise<T> => {
    const answer = createDeferred<T>()
    const settle = (how: () => void) => {
      deadline.cancel()
      request.signal?.removeEventListener('abort', fail)
      waiting.delete(fail)
      how()
    }
    const fail = () => settle(() => answer.reject(request.unanswered()))
    const deadline = deps.clock.setTimer(Math.min(request.deadlineMs, timerMaxMs), fail)
    request.signal?.addEventListener('abort', fail, { once: true })
    waiting.add(fail)
    pass(travel.requestMs, () => {
      const settleWith = attempt(request.run, answer)
      pass(travel.replyMs, () => settle(settleWith))
    })
    return answer.promise
  }
  return {
    get isSilent() {
      return isSilent
    },
    silence() {
      isSilent = true
    },
    heal() {
      isSilent = false
      const late = stuck
      const rings = missed
      stuck = []
      missed = new Set()
      for (const arrive of late) arrive()
      for (const ring of rings) ring()
    },
    dropReply() {
      dropCount++
    },
    async call(request) {
      if (request.signal?.aborted) throw asError(request.signal.reason)
      const travel = travelOf(request.kind)
      if (travel === undefined && !isSilent) return request.run()
      return send(request, travel ?? { requestMs: 0, replyMs: 0 })
    },
    ring(ring) {
      if (isSilent) missed.add(ring)
      else ring()
    },
    giveUp() {
      for (const fail of [...waiting]) fail()
    },
  }
}

function attempt<T>(
  run: () => T,
  answer: { resolve(value: T): void; reject(reason: Error): void },
): () => void {
  try {
    const value = run()
    return () => answer.resolve(value)
  } catch (error) {
    return () => answer.reject(asError(error))
  }
}
