import type { Clock } from '../../lib/clock.ts'
import { createDeferred, type Deferred } from '../../lib/deferred.ts'
import { Suspended } from '../errors.ts'
import type { Connection } from './connection.ts'
import { type Patience, whenOver } from './patience.ts'

/** Callers that wait, still unsent, while a broken connection is replaced and the session is not yet suspended. */
const waitingCallsMax = 1_000

/** They send by themselves once there is a connection: nothing of theirs is kept for later. */
export interface WaitingRoom {
  /** @throws Suspended when there are too many, patience ends, or `refuse` is called first */
  wait(patience: Patience): Promise<Connection>
  admit(connection: Connection): void
  refuse(): void
}

export function createWaitingRoom(clock: Clock): WaitingRoom {
  const waiting = new Set<Deferred<Connection>>()
  return {
    async wait(patience) {
      if (waiting.size >= waitingCallsMax) throw new Suspended(`${waitingCallsMax} callers wait`)
      const caller = createDeferred<Connection>()
      waiting.add(caller)
      const cancel = whenOver(clock, patience, () => caller.reject(new Suspended()))
      try {
        return await caller.promise
      } finally {
        cancel()
        waiting.delete(caller)
      }
    },
    admit(connection) {
      for (const caller of waiting) caller.resolve(connection)
    },
    refuse() {
      for (const caller of waiting) caller.reject(new Suspended())
    },
  }
}
