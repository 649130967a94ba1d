import type { Tallies, Tally } from './heap-kinds.ts'

const shownMax = 25

/** What became more, or less, from one snapshot to the next. */
export function growthBetween(before: Tallies, after: Tallies): Tallies {
  const grown = new Map<string, Tally>()
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)]
    const count = (now?.count ?? 0) - (old?.count ?? 0)
    const bytes = (now?.bytes ?? 0) - (old?.bytes ?? 0)
    if (count !== 0 || bytes !== 0) grown.set(name, { count, bytes })
  }
  return grown
}

export function totalOf(tallies: Tallies): number {
  return [...tallies.values()].reduce((sum, { bytes }) => sum + bytes, 0)
}

/** The largest, with their share of the whole; with `per`, also how many and how much that is for each of so many. */
export function rowsOf(tallies: Tallies, per?: number): string[] {
  const total = totalOf(tallies)
  const shown = [...tallies].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, shownMax)
  const each = (value: number) => (value / (per ?? 1)).toFixed(1).padStart(9)
  const head = [
    '       bytes  share     count',
    ...(per === undefined ? [] : ['    bytes    count of each']),
  ]
  const rows = shown.map(([name, { count, bytes }]) => {
    const share = total === 0 ? 0 : (bytes / total) * 100
    const cells = [
      ...[bytes.toLocaleString('en-GB').padStart(12), `${share.toFixed(1).padStart(4)} %`],
      count.toLocaleString('en-GB').padStart(9),
      ...(per === undefined ? [] : [`${each(bytes)}${each(count)}`]),
    ]
    return `${cells.join(' ')}  ${name}`
  })
  const rest = tallies.size - shown.length
  return [
    head.join(''),
    ...rows,
    ...(rest > 0 ? [`${''.padStart(30)}and ${rest} smaller ones`] : []),
  ]
}
