import { LRUCache } from 'lru-cache'

/**
 * Keeps the `countMax` entries that were used last. Takes room as it fills: lru-cache's own `max` would take all of it at once,
 * which a node pays for every cache that stays small.
 */
export function createGrowingCache<V extends object>(countMax: number): LRUCache<string, V> {
  return new LRUCache<string, V>({ maxSize: countMax, sizeCalculation: () => 1 })
}
