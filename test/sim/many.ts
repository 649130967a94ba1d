import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Violation } from '../checker/violation.ts'
import { type As, modeOf, type SimOptions } from './options.ts'
import { withOutages } from './outages.ts'
import { type Composition, type Played, play, type SimCounts } from './play.ts'
import { everybodyLeads, locksOff, nothingTried } from './without-lock/compositions.ts'

/** Many worlds, one after the other. */
export interface ManyPlayed {
  readonly seeds: number
  readonly counts: SimCounts
  readonly broken: readonly Broken[]
}

export interface Broken {
  readonly seed: number
  readonly mode: string
  readonly violations: readonly Violation[]
  readonly defects: readonly string[]
}

/** Told of each broken world, at most. */
const shownMax = 5

export async function playMany(
  options: Pick<SimOptions, 'from' | 'seeds' | 'mode' | 'folder'> & { as?: As },
  onPlayed: (played: Played) => void = () => undefined,
): Promise<ManyPlayed> {
  const counts: SimCounts = {}
  const broken: Broken[] = []
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    const mode = modeOf(seed, options.mode)
    const played = await play({ seed, mode, composition: compositionAs(options.as ?? 'it-is') })
    addCounts(counts, played.counts)
    const { violations, defects, history } = played
    if (violations.length + defects.length > 0) {
      broken.push({
        ...{ seed, mode },
        violations: violations.slice(0, shownMax),
        defects: defects.slice(0, shownMax),
      })
      if (options.folder !== undefined) {
        mkdirSync(options.folder, { recursive: true })
        const text = history.map((line) => `${JSON.stringify(line)}\n`).join('')
        writeFileSync(join(options.folder, `seed-${seed}-${mode}.jsonl`), text)
      }
    }
    onPlayed(played)
  }
  return { seeds: options.seeds, counts, broken }
}

export function compositionAs(as: As): Composition {
  if (as === 'locks-off') return locksOff(nothingTried())
  if (as === 'everybody-leads') return everybodyLeads(nothingTried(), { hasLock: true })
  if (as === 'outages') return { replan: withOutages }
  return as === 'both-off' ? everybodyLeads(nothingTried(), { hasLock: false }) : {}
}

export function addCounts(to: SimCounts, from: SimCounts): void {
  for (const [name, count] of Object.entries(from)) to[name] = (to[name] ?? 0) + count
}

/** What worlds have to have seen between them; a heap of them without one of these has shown nothing. */
export const mustSee = [
  'accepted',
  'rejected',
  'settled by further copies',
  'feed snapshots in between',
  'extended: soft-close',
  'extended: outage',
  'AuctionClosed',
  'lock_handovers_total',
  'lock_revocations_total',
  ...(['decided', 'back', 'unknown', 'not-sent'] as const).map(
    (outcome) => `forwarded_bids_total ${outcome}`,
  ),
  'fault kill',
  'fault terminate',
  'fault freeze',
  'fault black-hole',
  'fault partition',
  'fault quorum-loss',
  'fault drop-reply',
  'fault delay',
  'fault expire-session',
  'fault skew-clock',
  'fault cut',
] as const
