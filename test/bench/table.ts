import Table from 'cli-table3'
import type { Result } from './run-scenario.ts'
import type { Reach } from './scenario.ts'

/** A result for people. */
export function tableOf(result: Result): string {
  const { scenario, store, nodes, date, versions, seed } = result
  const about = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const table = new Table({
    head: ['measure', 'figure', 'reference of the same run', 'ratio', 'asked', 'reached'],
    style: { head: [], border: [] },
  })
  for (const { what, value, unit, reference, ratio, reach, isReached } of result.measures) {
    const times = ratio === undefined ? '' : ratio.toFixed(2)
    const against = reference === undefined ? '' : `${shown(reference.value)} ${reference.what}`
    const verdict = isReached === undefined ? '' : isReached ? 'yes' : 'NO'
    table.push([what, `${shown(value)} ${unit}`, against, times, asked(reach), verdict])
  }
  const head = `${scenario} on ${store}, ${nodes === 1 ? '1 node' : `${nodes} nodes`}, ${date}, seed ${seed}, ${about.join(', ')}`
  return [head, table.toString(), ...footOf(result), ''].join('\n')
}

function footOf({ counts, checked, busy = {}, cores = {}, notes = [] }: Result): string[] {
  const { acknowledged, refused, unknown } = counts
  const shares = Object.entries(busy).map(
    ([name, { loopShare, cores: own }]) =>
      `${name} ${own.toFixed(2)} cores, its loop ${Math.round(loopShare * 100)} % busy`,
  )
  const used = Object.entries(cores).map(([name, value]) => `${name} ${value?.toFixed(2) ?? '?'}`)
  return [
    `${acknowledged} acknowledged, ${refused} refused, ${unknown} unknown; ${checked.count} looked up in the journals, ${
      checked.complaints.length === 0 ? 'all there' : 'NOT ALL THERE'
    }`,
    ...checked.complaints.map((complaint) => `WRONG: ${complaint}`),
    ...(shares.length === 0 ? [] : [`load: ${shares.join('; ')}`]),
    ...(used.length === 0 ? [] : [`cores used: ${used.join(', ')}`]),
    ...notes.map((note) => `note: ${note}`),
  ]
}

function asked(reach: Reach | undefined): string {
  if (reach === undefined) return ''
  return 'atLeast' in reach ? `>= ${reach.atLeast}` : `<= ${reach.atMost}`
}

export function shown(value: number): string {
  if (value === Infinity) return 'beyond all bounds:'
  if (Number.isNaN(value)) return 'no'
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 100
  const digits = Math.abs(value) < 10 ? 2 : isWhole ? 0 : 1
  return value.toLocaleString('en-GB', {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  })
}
