import { systemClock } from '../../src/lib/system-clock.ts'

const askWithinMs = 2_000

/** The answer to a GET, or undefined when there is none in 2 s. */
export async function ask(url: string): Promise<Response | undefined> {
  const abort = new AbortController()
  const timer = systemClock.setTimer(askWithinMs, () => abort.abort())
  try {
    return await fetch(url, { signal: abort.signal })
  } catch {
    return undefined
  } finally {
    timer.cancel()
  }
}
