import type { Clock } from '../lib/clock.ts'
import type { ClusterTime } from './engine.ts'
import { type Freezes, type Span, tickMs } from './freezes.ts'
import type { Interval } from './outage-record.ts'

/** When this node did not serve: not there yet, suspended, or frozen. */
export interface ServiceBreaks {
  /** A silence of the store that is over. */
  addSilence(silence: Span): void
  /**
   * Of this time, in cluster time, oldest first; all of it while we do not know the time. With the silence that still lasts, by
   * its beginning on our monotonic clock.
   */
  within(gap: Interval, silentSinceMs: number | undefined): readonly Interval[]
}

/** Silences remembered: more than one leader's absence can have to do with. */
const silencesMax = 16

export function createServiceBreaks(deps: {
  clock: Clock
  time: ClusterTime
  freezes: Freezes
  sessionTimeoutMs: number
}): ServiceBreaks {
  const { clock, time, freezes } = deps
  const startedMs = clock.monotonicMs()
  /** So late is a silence noticed at most. */
  const unnoticedMs = deps.sessionTimeoutMs / 3 + tickMs
  let silences: readonly Span[] = []

  return {
    addSilence(silence) {
      silences = [...silences, silence].slice(-silencesMax)
    },
    within(gap, silentSinceMs) {
      const now = time.now()
      if (now === undefined) return [gap]
      const nowMs = clock.monotonicMs()
      const timeOf = (ms: number) => Math.round(now - (nowMs - ms))
      const lasting = silentSinceMs === undefined ? [] : [{ fromMs: silentSinceMs, toMs: nowMs }]
      const frozen = freezes.all()
      const silent = [...silences, ...lasting].map((silence) =>
        freezes.withFreezeBefore(silence, unnoticedMs),
      )
      return joined([{ fromMs: -Infinity, toMs: startedMs }, ...silent, ...frozen])
        .map(({ fromMs, toMs }) => ({
          from: Math.max(gap.from, timeOf(fromMs)),
          to: Math.min(gap.to, timeOf(toMs)),
        }))
        .filter(({ from, to }) => from < to)
    },
  }
}

/** What overlaps or meets is one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = []
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1)
    if (last === undefined || span.fromMs > last.toMs) all.push(span)
    else all[all.length - 1] = { ...last, toMs: Math.max(last.toMs, span.toMs) }
  }
  return all
}
