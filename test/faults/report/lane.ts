/** One strip of the time line: rows of marks on the driver's clock. */
export interface Lane {
  readonly name: string
  /** One sentence on how to read it. */
  readonly note: string
  readonly rows: readonly Row[]
}

export interface Row {
  /** A node, a watcher, a target; empty for a lane of one row. */
  readonly label: string
  readonly heightPx: number
  readonly marks: readonly Mark[]
}

/** Milliseconds of the driver's clock; `title` shows on hover. */
export type Mark =
  | {
      readonly shape: 'bar'
      readonly fromMs: number
      readonly toMs: number
      readonly colour: Colour
      readonly title: string
      /** Written in the bar where there is room. */
      readonly text?: string
      /** 0 to 1 of the row's height, from below; a full bar when absent. */
      readonly bottom?: number
      readonly top?: number
      /** 0 to 1. */
      readonly strength?: number
    }
  | {
      readonly shape: 'pin'
      readonly atMs: number
      readonly colour: Colour
      readonly title: string
      readonly text?: string
    }

/** Names of custom properties of the page's sheet. */
export type Colour =
  | `node-${number}`
  | 'fault'
  | 'store-fault'
  | 'accepted'
  | 'refused'
  | 'unknown'
  | 'violation'
  | 'extension'
  | 'credit'
  | 'back'

/** The run's own span on the driver's clock, and the buckets that it is counted in. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
}

const bucketSteps = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000]
const bucketsMax = 1_500

/** @param stampsMs of everything that has a place in time */
export function spanOf(stampsMs: readonly number[]): Span {
  let fromMs = Infinity
  let toMs = -Infinity
  for (const atMs of stampsMs) {
    fromMs = Math.min(fromMs, atMs)
    toMs = Math.max(toMs, atMs)
  }
  if (fromMs > toMs) return { fromMs: 0, toMs: 1_000, bucketMs: 100 }
  toMs = Math.max(toMs, fromMs + 1_000)
  const least = (toMs - fromMs) / bucketsMax
  const bucketMs = bucketSteps.find((step) => step >= least) ?? least
  return { fromMs, toMs, bucketMs }
}

/** Where each bucket that holds something begins, and what it holds; in order. */
export function intoBuckets<T>(
  items: readonly T[],
  atMs: (item: T) => number,
  { fromMs, bucketMs }: Span,
): { fromMs: number; toMs: number; items: T[] }[] {
  const buckets = new Map<number, T[]>()
  for (const item of items) {
    const index = Math.floor((atMs(item) - fromMs) / bucketMs)
    const bucket = buckets.get(index) ?? []
    buckets.set(index, bucket)
    bucket.push(item)
  }
  return [...buckets.entries()]
    .sort(([a], [b]) => a - b)
    .map(([index, held]) => ({
      fromMs: fromMs + index * bucketMs,
      toMs: fromMs + (index + 1) * bucketMs,
      items: held,
    }))
}

/** Seconds since the run began, for titles. */
export function secondsText(atMs: number, span: Pick<Span, 'fromMs'>): string {
  return `${((atMs - span.fromMs) / 1_000).toFixed(2)} s`
}
