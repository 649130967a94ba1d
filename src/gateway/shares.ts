/**
 * Who holds how many of something that runs out, by group (an address, or a /64). Adding, removing and naming the group with the
 * most take the same time however many there are.
 */
export interface Shares<T> {
  readonly size: number
  countOf(group: string): number
  add(group: string, item: T): void
  remove(group: string, item: T): void
  /** What the group with the most holds, the oldest first. Empty when nobody holds anything. */
  largest(): ReadonlySet<T>
}

export function createShares<T>(): Shares<T> {
  const byGroup = new Map<string, Set<T>>()
  /** `bySize[n]`: what the groups of n items hold. */
  const bySize: Set<Set<T>>[] = []
  let size = 0
  let largestSize = 0
  const move = (items: Set<T>, before: number) => {
    bySize[before]?.delete(items)
    if (items.size > 0) (bySize[items.size] ??= new Set()).add(items)
    largestSize = Math.max(largestSize, items.size)
    while (largestSize > 0 && (bySize[largestSize]?.size ?? 0) === 0) largestSize--
  }
  return {
    get size() {
      return size
    },
    countOf: (group) => byGroup.get(group)?.size ?? 0,
    add(group, item) {
      const items = byGroup.get(group) ?? new Set()
      byGroup.set(group, items)
      if (items.has(item)) return
      items.add(item)
      size++
      move(items, items.size - 1)
    },
    remove(group, item) {
      const items = byGroup.get(group)
      if (items?.delete(item) !== true) return
      size--
      if (items.size === 0) byGroup.delete(group)
      move(items, items.size + 1)
    },
    largest() {
      for (const items of bySize[largestSize] ?? []) return items
      return new Set()
    },
  }
}

/** A group loses one to another that would still have less than half of what it has. */
export function yields(largestCount: number, newcomerCount: number): boolean {
  return largestCount >= 2 * (newcomerCount + 1)
}

/** No group holds more than half of everything. */
export function shareMax(perGroupMax: number, inAllMax: number): number {
  return Math.min(perGroupMax, Math.max(1, Math.floor(inAllMax / 2)))
}
