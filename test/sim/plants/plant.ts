import type { Rule } from '../../checker/violation.ts'
import type { Mode } from '../plan.ts'
import type { Plan } from '../plan.ts'
import { type Composition, play, type Played } from '../play.ts'

/** A bug on purpose: composed in from here, never part of the program. */
export interface Plant {
  readonly name: string
  /** What is spoilt, in a line. */
  readonly bug: string
  /** Rules of the checker that name just this damage; one of them has to speak. */
  readonly rules: readonly Rule[]
  /** In place of a rule, where only who sees every commit can tell: how the world's own judgement begins. */
  readonly says?: string
  readonly mode: Mode
  /** The world in which it has its chance. */
  readonly replan: (plan: Plan) => Plan
  /** Made anew for each run: a wrapper may remember things. */
  readonly spoil: () => Composition
  /** What else is composed in, sound by itself: the run without the bug has it too. */
  readonly besides?: () => Composition
}

export interface Catch {
  /** How many seeds were played; the last one showed it. */
  readonly seedsPlayed: number
  /** Rules that spoke, those expected first; empty when it got away. */
  readonly rules: readonly string[]
}

/** At most so many seeds until a plant must have shown. */
export const catchWithin = 20

export function playPlant(plant: Plant, seed: number): Promise<Played> {
  const { mode, replan } = plant
  const composition = { ...plant.besides?.(), ...plant.spoil(), replan }
  return play({ seed, mode, composition })
}

/** The program as it is, in the very world of the plant. */
export function playSound(plant: Plant, seed: number): Promise<Played> {
  const { mode, replan } = plant
  return play({ seed, mode, composition: { ...plant.besides?.(), replan } })
}

/** Plays seeds from `from` on until an expected rule speaks. Not counted: crashes, and what the plant does not name. */
export async function catchPlant(plant: Plant, from: number): Promise<Catch> {
  for (let seedsPlayed = 1; seedsPlayed <= catchWithin; seedsPlayed++) {
    const { violations, defects } = await playPlant(plant, from + seedsPlayed - 1)
    const spoke = new Set(violations.map(({ rule }) => rule))
    const expected: string[] = plant.rules.filter((rule) => spoke.has(rule))
    const { says } = plant
    if (says !== undefined && defects.some((defect) => defect.startsWith(says))) expected.push(says)
    if (expected.length > 0) return { seedsPlayed, rules: expected }
  }
  return { seedsPlayed: catchWithin, rules: [] }
}
