import { type Clock, sleep } from '../lib/clock.ts'

/** How often a full store is asked whether it takes writes again. */
const probeEveryMs = 1_000

/** Whether the store has room for writes, as its own answers tell. */
export interface Room {
  readonly isFull: boolean
  /** A write was refused for want of room: from now on the store is probed until it takes one. */
  refused(): void
  close(): void
}

/** @param deps.probe a small write; rejects while the store is full */
export function createRoom(deps: {
  clock: Clock
  probe: () => Promise<unknown>
  /** After each change. */
  onChange: () => void
}): Room {
  const closing = new AbortController()
  let isFull = false
  const become = (full: boolean) => {
    if (isFull === full || closing.signal.aborted) return
    isFull = full
    deps.onChange()
    if (full) void probeUntilTaken()
  }
  const probeUntilTaken = async () => {
    while (isFull) {
      await sleep(deps.clock, probeEveryMs, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) return
      await deps.probe().then(
        () => become(false),
        () => undefined, // still full, or it cannot be told now
      )
    }
  }
  return {
    get isFull() {
      return isFull
    },
    refused: () => become(true),
    close: () => closing.abort(),
  }
}
