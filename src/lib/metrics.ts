/**
 * Names without the `lotkeeper_` prefix, as in docs/protocol.md; labels are few and bounded.
 * The node registers them with Prometheus; tests read or ignore them.
 */
export interface Metrics {
  /** Adds `by` (default 1) to a counter. */
  count(name: string, labels?: Record<string, string>, by?: number): void
  /** Records one observation in a histogram; names that end in `_seconds` are given in seconds. */
  observe(name: string, value: number, labels?: Record<string, string>): void
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: Record<string, string>): void
}

export const silentMetrics: Metrics = {
  count: () => undefined,
  observe: () => undefined,
  gauge: () => undefined,
}
