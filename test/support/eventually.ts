import { setTimeout as wait } from 'node:timers/promises'

/** Polls until the condition holds (its truthy value is returned) and fails with its last error or value otherwise. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  options: { withinMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const { withinMs = 10_000, everyMs = 25 } = options
  const endsAtMs = performance.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value
      last = value
    } catch (error) {
      last = error
    }
    if (performance.now() > endsAtMs) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last)
      throw new Error(
        `not within ${withinMs} ms: ${options.what ?? condition.toString()}; last: ${seen}`,
      )
    }
    await wait(everyMs)
  }
}
