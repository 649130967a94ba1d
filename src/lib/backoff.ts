import type { Entropy } from './entropy.ts'

export interface Backoff {
  /** Milliseconds to wait before the next try: full jitter under a doubling, capped bound. */
  nextMs(): number
  /** Back to the shortest wait, after a success. */
  reset(): void
}

export function createBackoff(options: {
  minMs: number
  maxMs: number
  entropy: Entropy
}): Backoff {
  let boundMs = options.minMs
  return {
    nextMs() {
      const waitMs = options.minMs / 2 + options.entropy.random() * (boundMs - options.minMs / 2)
      boundMs = Math.min(options.maxMs, boundMs * 2)
      return waitMs
    },
    reset() {
      boundMs = options.minMs
    },
  }
}
