import { Mailbox } from '../../lib/mailbox.ts'
import { Suspended } from '../errors.ts'

/** Calls that settle at once, in one turn of the event loop; the next ones wait for the next turn. */
const callsPerTurnMax = 256
/** Calls that wait for a turn; the next one is refused as Suspended. */
const waitingCallsMax = 100_000

/**
 * Keeps timers and sockets alive while callers await one call after the other of a store that answers without waiting for
 * anything: such calls settle as microtasks, and the event loop turns only when none is left.
 */
export interface Turns {
  /**
   * Counts one call. Undefined when it may go on at once; otherwise it goes on when this resolves, first come, first served.
   * @throws Suspended (as a rejection) when `waitingCallsMax` wait already
   */
  take(): Promise<void> | undefined
}

export function createTurns(): Turns {
  const waiting = new Mailbox<() => void>({ capacity: waitingCallsMax })
  let takenCount = 0
  let isArmed = false

  const arm = () => {
    if (isArmed) return
    isArmed = true
    // No timer: it fires when this turn's sockets are done, before the next turn's timers, and takes no time.
    setImmediate(turn)
  }
  const turn = () => {
    isArmed = false
    takenCount = 0
    while (takenCount < callsPerTurnMax) {
      const goOn = waiting.take()
      if (goOn === undefined) break
      takenCount++
      goOn()
    }
    if (takenCount > 0) arm()
  }
  return {
    take() {
      arm()
      if (takenCount < callsPerTurnMax && waiting.size === 0) {
        takenCount++
        return undefined
      }
      return new Promise((resolve, reject) => {
        if (!waiting.offer(resolve)) {
          reject(new Suspended(`${waitingCallsMax} calls wait already`))
        }
      })
    },
  }
}
