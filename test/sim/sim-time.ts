import type { Timer } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'

/** Virtual time: it stands still while anything runs, and jumps to the next event when nothing does. */
export interface SimTime {
  /** Milliseconds since the beginning of the world. */
  readonly nowMs: number
  /** Events so far: the size of a run. */
  readonly eventCount: number
  /** Events that are due at the same instant happen in an order drawn from the seed. */
  after(delayMs: number, happen: () => void): Timer
  /** Lets events happen until that instant, or until `isOver` says so after one of them. */
  runUntil(untilMs: number, isOver?: () => boolean): Promise<void>
}

interface Event {
  readonly atMs: number
  readonly tie: number
  happen: (() => void) | undefined
}

export function createSimTime(entropy: Entropy): SimTime {
  const heap: Event[] = []
  let nowMs = 0
  let eventCount = 0
  return {
    get nowMs() {
      return nowMs
    },
    get eventCount() {
      return eventCount
    },
    after(delayMs, happen) {
      const event: Event = { atMs: nowMs + Math.max(0, delayMs), tie: entropy.random(), happen }
      push(heap, event)
      return { cancel: () => (event.happen = undefined) }
    },
    async runUntil(untilMs, isOver = () => false) {
      await allSettled()
      for (;;) {
        const next = heap[0]
        if (next === undefined || next.atMs > untilMs) break
        pop(heap)
        if (next.happen === undefined) continue
        nowMs = next.atMs
        eventCount++
        next.happen()
        await allSettled()
        if (isOver()) return
      }
      nowMs = Math.max(nowMs, untilMs)
    },
  }
}

/** Node runs an immediate only when no promise is left that could settle: nothing but events of this world moves them. */
function allSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const isBefore = (a: Event, b: Event) => a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie)

function push(heap: Event[], event: Event): void {
  let at = heap.length
  heap.push(event)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up] as Event
    if (!isBefore(event, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = event
}

function pop(heap: Event[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= heap.length) break
    const right = left + 1
    const isRight = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event)
    const least = isRight ? right : left
    if (!isBefore(heap[least] as Event, last)) break
    heap[at] = heap[least] as Event
    at = least
  }
  heap[at] = last
}
