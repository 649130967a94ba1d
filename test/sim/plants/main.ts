import { parseArgs } from 'node:util'
import { plants } from './all.ts'
import { catchPlant, catchWithin, type Plant, playSound } from './plant.ts'

// npm run plants [-- --seeds 10] [--plant no-guard]: each planted bug from so many beginnings, and the program without it in the
// very same worlds. Fails when a bug gets away, or when the sound program breaks a rule.

/** Beginnings lie so far apart that no seed is played twice. */
const apart = 1_000

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '10' }, plant: { type: 'string' } },
})
const beginnings = Array.from({ length: Number(values.seeds) }, (_, index) => index * apart + 1)
const chosen = plants.filter(({ name }) => values.plant === undefined || name === values.plant)
if (chosen.length === 0 || beginnings.length === 0) throw new Error('nothing to plant')

let isAllWell = true
console.log(`${'planted bug'.padEnd(24)}caught    seeds needed (of ${catchWithin})   rules`)
for (const plant of chosen) {
  const { caughtCount, seeds, rules } = await plantEverywhere(plant)
  const dirty = await brokenWithout(plant)
  isAllWell &&= caughtCount === beginnings.length && dirty.length === 0
  const caught = `${caughtCount} of ${beginnings.length}`.padEnd(10)
  console.log(`${plant.name.padEnd(24)}${caught}${seeds.padEnd(25)}${rules}`)
  for (const line of dirty) console.log(`  WITHOUT IT: ${line}`)
}
process.exitCode = isAllWell ? 0 : 1

async function plantEverywhere(plant: Plant) {
  const needed: number[] = []
  const rules = new Set<string>()
  for (const from of beginnings) {
    const caught = await catchPlant(plant, from)
    caught.rules.forEach((rule) => rules.add(rule))
    if (caught.rules.length > 0) needed.push(caught.seedsPlayed)
  }
  const mean = needed.reduce((sum, count) => sum + count, 0) / Math.max(1, needed.length)
  const seeds = needed.length === 0 ? '-' : `mean ${mean.toFixed(1)}, most ${Math.max(...needed)}`
  return { caughtCount: needed.length, seeds, rules: [...rules].join(', ') }
}

/** What the program as it is does wrong in these worlds. */
async function brokenWithout(plant: Plant): Promise<string[]> {
  const lines: string[] = []
  for (const from of beginnings) {
    const { violations, defects } = await playSound(plant, from)
    lines.push(...violations.map(({ rule, detail }) => `seed ${from}: ${rule}: ${detail}`))
    lines.push(...defects.map((defect) => `seed ${from}: ${defect}`))
  }
  return lines
}
