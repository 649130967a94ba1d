import { parentOf } from '../key.ts'
import type { Key, WatchTarget } from '../store.ts'

/** Who wants to know of which key or directory. */
export interface Bells {
  /** Calls `ring` after each change of the target, from within `changed`. Returns the way to stop. */
  subscribe(target: WatchTarget, ring: () => void): () => void
  /** A leaf came, went, or (`put`) changed its value. */
  changed(key: Key, how: 'create' | 'put' | 'delete'): void
}

export function createBells(): Bells {
  const byKey = new Map<Key, Set<() => void>>()
  const byDirectory = new Map<Key, Set<() => void>>()

  const ringAll = (rings: ReadonlySet<() => void> | undefined) => {
    if (rings !== undefined) for (const ring of rings) ring()
  }
  return {
    subscribe(target, ring) {
      const [rings, name] =
        'key' in target ? ([byKey, target.key] as const) : ([byDirectory, target.dir] as const)
      const own = () => ring()
      const others = rings.get(name)
      if (others === undefined) rings.set(name, new Set([own]))
      else others.add(own)
      return () => {
        const left = rings.get(name)
        left?.delete(own)
        if (left?.size === 0) rings.delete(name)
      }
    },
    changed(key, how) {
      ringAll(byKey.get(key))
      if (how !== 'put' && byDirectory.size > 0) ringAll(byDirectory.get(parentOf(key)))
    },
  }
}
