/** How much a store holds and may hold; null where it is not known. */
export interface StoreSize {
  /** Of our cluster, or of the whole store where it does not tell them apart. */
  readonly keys: number | null
  /** What counts against `bytesMax`, by the store's own measure. */
  readonly bytes: number | null
  readonly bytesMax: number | null
  /** Of `bytes`, what is free again but counts until the operator gives it back; absent where there is no such thing. */
  readonly bytesReclaimable?: number
  /** The store says itself that it takes no more. */
  readonly isFull?: boolean
}

/** Asks the store outside our session, in bounded time. Never throws: what cannot be learned is null. */
export type MeasureStore = () => Promise<StoreSize>

export const unknownSize: StoreSize = { keys: null, bytes: null, bytesMax: null }

/** In percent; undefined when it is not known. */
export function fillOf({ bytes, bytesMax }: StoreSize): number | undefined {
  return bytes === null || bytesMax === null ? undefined : (bytes / bytesMax) * 100
}

/** Of what several servers told, the most: the first one that is full stops all of them. */
export function mostOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
