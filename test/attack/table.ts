import Table from 'cli-table3'
import type { AttackResult } from './attack.ts'

const shownMax = 8

/** A row for each attack, then what was broken, a line each. */
export function tableOf(results: readonly AttackResult[]): string {
  const table = new Table({
    head: ['attack', 'store', 'way', 's', 'holds'],
    style: { head: [], border: [] },
  })
  for (const { name, store, way, tookMs, violations, leftOut } of results) {
    const holds = leftOut === undefined ? (violations.length === 0 ? 'yes' : 'NO') : 'left out'
    table.push([name, store, way, (tookMs / 1_000).toFixed(1), holds])
  }
  const broken = results.flatMap(({ name, store, violations }) => [
    ...violations.slice(0, shownMax).map((text) => `${name} on ${store}: ${text}`),
    ...(violations.length > shownMax
      ? [`${name} on ${store}: and ${violations.length - shownMax} more`]
      : []),
  ])
  const left = results.flatMap(({ name, store, leftOut }) =>
    leftOut === undefined ? [] : [`LEFT OUT: ${name} on ${store}: ${leftOut}`],
  )
  const played = results.filter(({ leftOut }) => leftOut === undefined)
  const bad = played.filter(({ violations }) => violations.length > 0).length
  return [
    table.toString(),
    ...broken,
    ...left,
    `${played.length} attacks, ${bad} broke something`,
  ].join('\n')
}
