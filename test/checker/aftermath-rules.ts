import type { Lines } from './lines.ts'
import type { Report } from './violation.ts'

/** What a fault took is back within its bound; what was given up never came back. */
export function checkRecoveries(lines: Lines, report: Report): void {
  const bounds = lines.meta[0]?.bounds ?? {}
  for (const { target, what, tookMs } of lines.recovery) {
    const maxMs = bounds[what] ?? Infinity
    // A file has no undefined: what was given up is absent there.
    if (typeof tookMs !== 'number')
      report('recovered-in-time', `${target}: ${what} was waited for in vain`)
    else if (tookMs > maxMs)
      report('recovered-in-time', `${target}: ${what} after ${Math.round(tookMs)} of ${maxMs} ms`)
  }
}

/** Long after the end, whatever hangs in the store belongs to somebody who lives. */
export function checkLeftovers(lines: Lines, report: Report): void {
  for (const { members, ephemerals } of lines.leftovers) {
    const living = new Set(members)
    for (const { key, incarnation } of ephemerals) {
      if (!living.has(incarnation)) report('no-orphans', `${key} is left of ${incarnation}`)
    }
  }
}
