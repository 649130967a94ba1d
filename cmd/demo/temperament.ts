import type { Entropy } from '../../src/lib/entropy.ts'
import type { Temperament } from '../../src/protocol/demo.ts'

/** A lot as a robot looks at it. */
export interface Prospect {
  /** In the auction's currency, as all here. */
  readonly minimum: number
  /** What it is worth to a robot without passions. */
  readonly worth: number
  /** Of the time from start to end: 1 at the start, 0 at the end. */
  readonly leftShare: number
  readonly leftMs: number
}

/** How a robot bids; the name of the robot shows it. */
export interface Character {
  readonly temperament: Temperament
  readonly names: readonly string[]
  /** Between two thoughts of bidding, at least and at most. */
  readonly pauseMs: readonly [number, number]
  /** The amount to bid, or undefined: not now, or never again. */
  bid(lot: Prospect, entropy: Entropy): number | undefined
}

const sniperWakesMs = 15_000

const upTo = (limit: number, { minimum }: Prospect) => (minimum <= limit ? minimum : undefined)

export const characters: readonly Character[] = [
  {
    temperament: 'early-bird',
    names: ['Edda the early bird', 'Emil the early bird'],
    pauseMs: [700, 2_000],
    bid: (lot) => (lot.leftShare > 0.45 ? upTo(lot.worth, lot) : undefined),
  },
  {
    temperament: 'stubborn',
    names: ['Stan the stubborn', 'Stine the stubborn'],
    pauseMs: [900, 2_200],
    bid: (lot) => upTo(lot.worth * 2, lot),
  },
  {
    temperament: 'sniper',
    names: ['Sam the sniper', 'Signe the sniper'],
    pauseMs: [300, 900],
    bid: (lot) => (lot.leftMs < sniperWakesMs ? upTo(lot.worth * 1.5, lot) : undefined),
  },
  {
    temperament: 'cautious',
    names: ['Cleo the cautious', 'Carl the cautious'],
    pauseMs: [2_500, 6_000],
    bid: (lot) => upTo(lot.worth * 0.5, lot),
  },
  {
    temperament: 'jumper',
    names: ['Juno the jumper', 'Jon the jumper'],
    pauseMs: [5_000, 11_000],
    bid(lot, entropy) {
      const jump = lot.minimum * (1.05 + entropy.random() * 0.1)
      return jump <= lot.worth ? Math.ceil(jump) : undefined
    },
  },
  {
    temperament: 'waverer',
    names: ['Willa the waverer', 'Wim the waverer'],
    pauseMs: [900, 3_000],
    bid: (lot, entropy) => (entropy.random() < 0.5 ? upTo(lot.worth, lot) : undefined),
  },
]

/** The nth robot: temperaments take turns, and so do their names; the third of a name has a number. */
export function robotAt(index: number): { name: string; character: Character } {
  const character = characters[index % characters.length] as Character
  const turn = Math.floor(index / characters.length)
  const name = character.names[turn % character.names.length] ?? character.temperament
  const round = Math.floor(turn / character.names.length)
  return { name: round === 0 ? name : `${name} ${round + 1}`, character }
}
