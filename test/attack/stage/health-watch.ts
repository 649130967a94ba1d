import { pause } from '../../faults/wait.ts'
import type { NodeView } from './node-view.ts'

/** Asks for /healthz, five times a second, until it is stopped. */
export interface HealthWatch {
  readonly worstMs: number
  readonly count: number
  /** @returns what was wrong, in plain words */
  stop(): Promise<string[]>
}

const everyMs = 200

/** @param msMax slower, or not at all, is a violation */
export function watchHealth(view: Pick<NodeView, 'healthMs'>, msMax: number): HealthWatch {
  let isOver = false
  let worstMs = 0
  let count = 0
  let lateCount = 0
  const watching = (async () => {
    while (!isOver) {
      const tookMs = (await view.healthMs(msMax)) ?? Infinity
      count++
      worstMs = Math.max(worstMs, tookMs)
      if (tookMs > msMax) lateCount++
      await pause(everyMs)
    }
  })()
  return {
    get worstMs() {
      return worstMs
    },
    get count() {
      return count
    },
    async stop() {
      isOver = true
      await watching
      if (lateCount === 0) return []
      return [`/healthz: ${lateCount} of ${count} without an answer within ${msMax} ms`]
    },
  }
}
