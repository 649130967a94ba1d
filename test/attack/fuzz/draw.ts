import { type Entropy, seededEntropy } from '../../../src/lib/entropy.ts'

/** Choices of one step: the same seed and step make the same ones, whatever was drawn before. */
export interface Draw {
  below(count: number): number
  chance(share: number): boolean
  pick<T>(from: readonly T[]): T
  text(lengthMax: number): string
  bytes(lengthMax: number): Buffer
}

export function drawOf(seed: number, step: number): Draw {
  // Neighbouring seeds of mulberry32 begin alike: the first draws are thrown away.
  const entropy: Entropy = seededEntropy(
    (Math.imul(seed, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b)) >>> 0,
  )
  for (let warm = 0; warm < 4; warm++) entropy.random()
  const below = (count: number) => Math.floor(entropy.random() * count)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!
  return {
    below,
    pick,
    chance: (share) => entropy.random() < share,
    text: (lengthMax) =>
      Array.from({ length: below(lengthMax + 1) }, () => pick(characters)).join(''),
    bytes: (lengthMax) =>
      Buffer.from(Array.from({ length: below(lengthMax + 1) }, () => below(256))),
  }
}

const characters = [
  ...Array.from('abcXYZ019 _-./\\:;,?&=%#+*"\'<>{}[]()@!~^|`$'),
  ...[
    '\u0000',
    '\u0007',
    '\t',
    '\u001b',
    '\u007f',
    'é',
    'ß',
    '\u0301',
    '\u200b',
    '\u202e',
    '\u2028',
  ],
  ...['李', '😀', '\ufffd', '\ufeff', '%00', '%2e%2e', '../', '__proto__', 'constructor'],
]
