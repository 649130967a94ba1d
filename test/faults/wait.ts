import { sleep } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/system-clock.ts'

export const pause = (ms: number): Promise<void> => sleep(systemClock, Math.max(0, ms))

/** How long it took until the condition held; undefined when it did not within `withinMs`. A throw counts as not yet. */
export async function timeUntil(
  condition: () => Promise<boolean>,
  options: { withinMs: number; everyMs?: number },
): Promise<number | undefined> {
  const startMs = performance.now()
  for (;;) {
    const holds = await condition().catch(() => false)
    const tookMs = performance.now() - startMs
    if (holds) return tookMs
    if (tookMs > options.withinMs) return undefined
    await pause(options.everyMs ?? 50)
  }
}
