import { readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const tickMs = 10

/** How many cores processes used between two looks; undefined where the system does not tell (outside of Linux). */
export function meterCores(pids: readonly number[]): () => number | undefined {
  const before = cpuMsOf(pids)
  const startMs = performance.now()
  return () => {
    const after = cpuMsOf(pids)
    if (before === undefined || after === undefined) return undefined
    return (after - before) / Math.max(1, performance.now() - startMs)
  }
}

function cpuMsOf(pids: readonly number[]): number | undefined {
  let ticks = 0
  for (const pid of new Set(pids)) {
    const stat = read(`/proc/${pid}/stat`)
    if (stat === undefined) return undefined
    // The name in brackets may hold blanks; user and system time are the 12th and 13th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks * tickMs
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
