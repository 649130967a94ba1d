/** The beacons of one term within the last minute, each as the offset that it proves at least. */
export interface SampleWindow {
  readonly size: number
  /** The greatest offset: that of the beacon which was delayed least. -Infinity when empty. */
  bestMs(): number
  /** By how much the best is better than the next best: what one more sample may still teach. */
  jitterMs(): number
  /** How long ago the newest came; 0 when empty. */
  ageMs(nowMs: number): number
  add(offsetMs: number, nowMs: number): void
  clear(): void
}

const windowMs = 60_000
const samplesMax = 256

export function createSampleWindow(): SampleWindow {
  let samples: { offsetMs: number; atMs: number }[] = []
  return {
    get size() {
      return samples.length
    },
    bestMs: () => Math.max(...samples.map(({ offsetMs }) => offsetMs)),
    jitterMs() {
      const [best, next] = samples.map(({ offsetMs }) => offsetMs).sort((a, b) => b - a)
      return best === undefined || next === undefined ? 0 : best - next
    },
    ageMs: (nowMs) => nowMs - (samples.at(-1)?.atMs ?? nowMs),
    add(offsetMs, nowMs) {
      samples.push({ offsetMs, atMs: nowMs })
      samples = samples.filter(({ atMs }) => atMs > nowMs - windowMs).slice(-samplesMax)
    },
    clear() {
      samples = []
    },
  }
}
