import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createShares } from '../../src/gateway/shares.ts'

it('names a group that has the most, whatever came and went', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(5), fc.boolean()))
  fc.assert(
    fc.property(steps, (all) => {
      const shares = createShares<number>()
      const model = new Map<string, Set<number>>()
      for (const [group, item, isAdded] of all) {
        const items = model.get(group) ?? new Set()
        model.set(group, items)
        if (isAdded) items.add(item)
        else items.delete(item)
        if (isAdded) shares.add(group, item)
        else shares.remove(group, item)
        const sizes = [...model.values()].map(({ size }) => size)
        expect(shares.largest().size).toBe(Math.max(...sizes))
        expect(shares.size).toBe(sizes.reduce((sum, size) => sum + size, 0))
        expect(shares.countOf(group)).toBe(items.size)
      }
    }),
  )
})
