import { describe, expect, it } from 'vitest'
import { plants } from './all.ts'
import { catchPlant, playSound } from './plant.ts'

// The short form; `npm run plants` plays each from ten beginnings.
const from = 1

describe('planted bugs', () => {
  it('are at least fourteen, each with a name of its own', () => {
    expect(new Set(plants.map(({ name }) => name)).size).toBe(plants.length)
    expect(plants.length).toBeGreaterThanOrEqual(14)
  })

  it.each(plants.map((plant) => [plant.name, plant] as const))(
    '%s is caught, and what it is caught by is silent without it',
    async (_name, plant) => {
      const caught = await catchPlant(plant, from)
      expect(caught.rules).not.toEqual([])
      const { violations, defects } = await playSound(plant, from)
      expect(violations).toEqual([])
      expect(defects).toEqual([])
    },
    60_000,
  )
})
