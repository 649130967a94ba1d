import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import type { BackendKind } from '../support/backends.ts'
import { nemeses } from './nemeses/all.ts'
import { type NemesisName, rotatedNames } from './nemeses/names.ts'

export interface Schedule {
  /** One or two nemeses for each round. */
  readonly rounds: readonly (readonly NemesisName[])[]
  readonly skipped: readonly { readonly nemesis: NemesisName; readonly reason: string }[]
}

const pairShare = 1 / 4

/** Every nemesis of the list in turn, shuffled anew each time round; now and then a second one beside it. Of the seed alone. */
export function scheduleOf(options: {
  store: BackendKind
  names: readonly NemesisName[] | 'all'
  rounds: number
  seed: number
}): Schedule {
  const asked = options.names === 'all' ? rotatedNames : options.names
  const ofStore = asked.filter((name) => (nemeses[name].store ?? options.store) === options.store)
  const skipped = ofStore.flatMap((nemesis) => {
    const reason = nemeses[nemesis].missing?.()
    return reason === undefined ? [] : [{ nemesis, reason }]
  })
  const names = ofStore.filter((name) => skipped.every(({ nemesis }) => nemesis !== name))
  if (names.length === 0) throw new Error('none of these nemeses can be had here')
  const entropy = seededEntropy(options.seed * 7_919)
  const rounds: NemesisName[][] = []
  let waiting: NemesisName[] = []
  while (rounds.length < options.rounds) {
    if (waiting.length === 0) waiting = shuffled(names, entropy)
    const first = waiting.shift()
    if (first === undefined) break
    const fitting = names.filter((name) => name !== first && fit(first, name))
    const second = fitting[Math.floor(entropy.random() * fitting.length)]
    const isPair = entropy.random() < pairShare && second !== undefined
    rounds.push(isPair ? [first, second] : [first])
  }
  return { rounds, skipped }
}

function fit(one: NemesisName, other: NemesisName): boolean {
  const touched = [nemeses[one].touches, nemeses[other].touches]
  if (touched.every((what) => what === 'store')) return false
  return !touched.includes('every-node') || touched.includes('client')
}

function shuffled<T>(items: readonly T[], entropy: Entropy): T[] {
  const mixed = [...items]
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = Math.floor(entropy.random() * (at + 1))
    const swapped = mixed[at] as T
    mixed[at] = mixed[other] as T
    mixed[other] = swapped
  }
  return mixed
}
