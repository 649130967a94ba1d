import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// A fresh read is served like any other, from a server that may be behind.
export const staleFreshReads: Plant = {
  name: 'stale-fresh-reads',
  bug: 'fresh reads are plain reads',
  rules: ['read-fresh', 'refusal-true'],
  mode: 'safety',
  replan: stage(() => ({
    staleMsMax: 2_000,
    bidders: Array.from({ length: 12 }, (_, index) => ({
      ...{ name: `b${index + 1}`, thinkMs: 100, wallOffsetMs: 0 },
    })),
  })),
  spoil: () => onStore((store) => ({ get: (key) => store.get(key) })),
}
