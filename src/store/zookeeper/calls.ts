import type { Exception } from 'node-zookeeper-client'
import { asError, type Clock } from '../../lib/clock.ts'
import { codeOf, codes, NoAnswer, NotSent } from './failures.ts'
import type { LibraryClient } from './library.ts'
import { type Patience, whenOver } from './patience.ts'

/** Calls under way on one connection; beyond it they are refused unsent. */
const callsMax = 20_000

/** How the library reports: an error, or a value. */
export type Answer<T> = (error: Error | Exception | null | undefined, value: T) => void
export type Question<T> = (client: LibraryClient, answer: Answer<T>) => void

/** The questions on one connection that wait for their answers, each no longer than its caller's patience. */
export interface Calls {
  readonly ask: <T>(question: Question<T>, patience: Patience) => Promise<T>
  /** All of them get no answer, and what is asked from now on is not sent. */
  end(reason: Error): void
}

export function createCalls(deps: {
  clock: Clock
  client: LibraryClient
  onExpired: () => void
}): Calls {
  const { clock, client } = deps
  const waiting = new Set<(failure: Error) => void>()
  let ended: Error | undefined

  const refusal = (): NotSent | undefined => {
    if (ended !== undefined) return new NotSent('the connection is down', { cause: ended })
    return waiting.size < callsMax ? undefined : new NotSent(`${callsMax} calls are under way`)
  }
  return {
    ask: <T>(question: Question<T>, patience: Patience) =>
      new Promise<T>((resolve, reject) => {
        const refused = refusal()
        if (refused !== undefined) throw refused
        const settle = () => {
          cancel()
          waiting.delete(fail)
        }
        const fail = (failure: Error) => {
          settle()
          reject(failure)
        }
        const cancel = whenOver(clock, patience, () => fail(new NoAnswer('no answer in time')))
        waiting.add(fail)
        question(client, (error, value) => {
          const code = codeOf(error)
          if (code === codes.connectionLoss) {
            fail(new NoAnswer('connection loss'))
            return
          }
          settle()
          if (error === null || error === undefined) resolve(value)
          else reject(asError(error))
          if (code === codes.sessionExpired) deps.onExpired()
        })
      }),
    end(reason) {
      ended ??= reason
      for (const fail of [...waiting]) fail(new NoAnswer('the connection broke', { cause: reason }))
    },
  }
}
