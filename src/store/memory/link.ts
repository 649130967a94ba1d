import { asError, type Clock, timerMaxMs } from '../../lib/clock.ts'
import { createDeferred } from '../../lib/deferred.ts'

export type CallKind = 'get' | 'freshGet' | 'list' | 'commit' | 'session' | 'ring'

/** How long the ways there and back take; `Infinity` loses what travels. A ring has only the way back, and is never lost. */
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
  /** @throws the signal's reason when it aborted before anything was sent */
  call<T>(request: Request<T>): Promise<T>
  /** One way, from the server; merges with itself on the way. */
  ring(ring: () => void): void
  /** Everybody who waits for an answer is told that none came. */
  giveUp(): void
}

/** What is under way at one moment: how to give up each of the calls. */
type Waiting = Set<() => void>

export function createLink(deps: {
  /** The client's own: its deadlines, and what it hears. */
  clock: Clock
  /** Requests travel by the world's: a client that stands still does not stop what it has sent. */
  wire: Clock
  /** Undefined: at once. */
  travel: (kind: CallKind) => Travel | undefined
}): Link {
  let isSilent = false
  let dropCount = 0
  let stuck: (() => void)[] = []
  const ringing = new Set<() => void>()
  const waiting: Waiting = new Set()

  const pass = (afterMs: number, arrive: () => void, by: Clock = deps.clock) => {
    const land = () => {
      if (isSilent) stuck.push(by === deps.wire ? arrive : () => void by.setTimer(0, arrive))
      else arrive()
    }
    if (afterMs === 0) land()
    else if (afterMs < timerMaxMs) by.setTimer(afterMs, land)
  }
  const travelOf = (kind: CallKind): Travel | undefined => {
    const travel = deps.travel(kind)
    if (kind !== 'commit' || dropCount === 0) return travel
    dropCount--
    return { requestMs: travel?.requestMs ?? 0, replyMs: Infinity }
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
      stuck = []
      for (const arrive of late) arrive()
    },
    dropReply() {
      dropCount++
    },
    async call(request) {
      if (request.signal?.aborted) throw asError(request.signal.reason)
      const travel = travelOf(request.kind)
      if (travel === undefined && !isSilent) return request.run()
      const { requestMs, replyMs } = travel ?? { requestMs: 0, replyMs: 0 }
      const pending = expectAnswer(request, waiting, deps.clock)
      const run = () => {
        const answer = attempt(request.run)
        pass(replyMs, () => pending.settle(answer))
      }
      pass(requestMs, run, deps.wire)
      return pending.promise
    },
    ring(ring) {
      const delayMs = Math.min(deps.travel('ring')?.replyMs ?? 0, timerMaxMs - 1)
      if (ringing.has(ring)) return
      ringing.add(ring)
      pass(delayMs, () => {
        ringing.delete(ring)
        ring()
      })
    },
    giveUp() {
      for (const fail of [...waiting]) fail()
    },
  }
}

type Answer<T> = { readonly value: T } | { readonly error: Error }

function attempt<T>(run: () => T): Answer<T> {
  try {
    return { value: run() }
  } catch (error) {
    return { error: asError(error) }
  }
}

/** Waits for an answer, the deadline, the caller's signal or `giveUp`, whichever is first; what comes later is ignored. */
function expectAnswer<T>(request: Request<T>, waiting: Waiting, clock: Clock) {
  const deferred = createDeferred<T>()
  const settle = (answer: Answer<T>) => {
    deadline.cancel()
    request.signal?.removeEventListener('abort', fail)
    waiting.delete(fail)
    if ('error' in answer) deferred.reject(answer.error)
    else deferred.resolve(answer.value)
  }
  const fail = () => settle({ error: request.unanswered() })
  const deadline = clock.setTimer(Math.min(request.deadlineMs, timerMaxMs), fail)
  request.signal?.addEventListener('abort', fail, { once: true })
  waiting.add(fail)
  return { promise: deferred.promise, settle }
}
