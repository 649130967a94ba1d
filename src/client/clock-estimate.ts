/**
 * Cluster time from pairs of question and answer, by the arithmetic of NTP (RFC 5905 §8): of the newest samples the one
 * with the shortest round trip tells. Bound to our monotonic clock, so that a jump of the wall clock moves nothing.
 */
export interface ClockEstimate {
  /** All in ms: our monotonic clock at asking and hearing, cluster time when the node received and sent. */
  add(sample: { askedMs: number; receivedAt: number; sentAt: number; heardMs: number }): void
  /** Cluster time at this reading of our monotonic clock; undefined before the first sample. */
  at(monotonicMs: number): number | undefined
  /** Round trip of the sample in force, without the time that the node took. */
  rttMs(): number | undefined
}

const samplesMax = 8

export function createClockEstimate(): ClockEstimate {
  let samples: { aheadMs: number; rttMs: number }[] = []
  const best = () =>
    samples.reduce<(typeof samples)[number] | undefined>(
      (least, sample) => (least === undefined || sample.rttMs < least.rttMs ? sample : least),
      undefined,
    )
  return {
    add({ askedMs, receivedAt, sentAt, heardMs }) {
      const rttMs = Math.max(0, heardMs - askedMs - (sentAt - receivedAt))
      const aheadMs = (receivedAt - askedMs + (sentAt - heardMs)) / 2
      samples = [...samples.slice(1 - samplesMax), { aheadMs, rttMs }]
    },
    at(monotonicMs) {
      const sample = best()
      return sample === undefined ? undefined : monotonicMs + sample.aheadMs
    },
    rttMs: () => best()?.rttMs,
  }
}
