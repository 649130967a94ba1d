import { createHash } from 'node:crypto'
import { play } from './play.ts'
const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 10)
const total: Record<string, number> = {}
const t0 = performance.now()
for (let seed = from; seed < from + n; seed++) {
  const mode = seed % 2 ? ('safety' as const) : ('liveness' as const)
  const played = await play({ seed, mode })
  for (const [k, v] of Object.entries(played.counts)) total[k] = (total[k] ?? 0) + v
  const vs = played.violations.filter((v) => v.rule !== 'close-not-early')
  if (vs.length + played.defects.length > 0)
    console.log(seed, mode, vs.slice(0, 5), played.defects.slice(0, 5))
  if (process.env['V'])
    console.log(seed, mode, createHash('sha1').update(JSON.stringify(played.history)).digest('hex'))
}
console.log(total, (performance.now() - t0) / n)
