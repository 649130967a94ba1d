import { percentile } from '../gaps.ts'
import type { Haggle } from './haggle.ts'
import type { Onlooker } from './onlooker.ts'

/** What a paused cluster tells its clients, and how soon. */

const refusalMaxMs = 1_000

export function pauseFigures(onlookers: readonly Onlooker[], lostAtMs: number) {
  const after = onlookers.map(({ pauses }) => {
    const first = pauses.find(({ toMs }) => toMs > lostAtMs)
    return Math.max(0, (first?.fromMs ?? Infinity) - lostAtMs)
  })
  return { 'paused after the loss, ms (last node)': Math.round(Math.max(...after)) }
}

/** What was sent to a node, and answered, while it told its clients that bidding is paused. */
function triesWhilePaused({ tries }: Haggle, onlookers: readonly Onlooker[], lostAtMs: number) {
  return tries.filter(({ nodeId, sentMs, tookMs }) =>
    onlookers.some(
      (onlooker) =>
        onlooker.nodeId === nodeId &&
        onlooker.pauses.some(
          ({ fromMs, toMs }) => toMs > lostAtMs && sentMs > fromMs && sentMs + tookMs < toMs,
        ),
    ),
  )
}

export function refusalFigures(haggle: Haggle, onlookers: readonly Onlooker[], lostAtMs: number) {
  const tries = triesWhilePaused(haggle, onlookers, lostAtMs)
  const took = tries.map(({ tookMs }) => tookMs)
  return {
    'bids while paused': tries.length,
    'refused within, ms (p95)': Math.round(percentile(took, 0.95) ?? NaN),
    'refused within, ms (max)': Math.round(percentile(took, 1) ?? NaN),
  }
}

export function refusalComplaints(
  haggle: Haggle,
  onlookers: readonly Onlooker[],
  lostAtMs: number,
): string[] {
  const tries = triesWhilePaused(haggle, onlookers, lostAtMs)
  const p95 = percentile(
    tries.map(({ tookMs }) => tookMs),
    0.95,
  )
  return [
    ...(tries.length === 0 ? ['nobody bid while it was paused'] : []),
    ...((p95 ?? 0) > refusalMaxMs ? [`refused after ${p95} ms (p95) while paused`] : []),
    ...tries
      .filter(({ code, final }) => code !== 'store-unavailable' || final !== false)
      .map((told) => `told while paused: ${JSON.stringify(told)}`),
  ]
}
