import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { defaultOptions } from '../options.ts'
import { violationsText, playOutage } from './play-outage.ts'
import type { OutageOptions } from './stage.ts'

// npm run outage -- --store etcd --seconds 20: the quorum lost over the ends of auctions, and what comes after.

const all = defaultOptions
const { store, seconds, sessionTimeoutMs, folder } = new Command('outage')
  .description('Real nodes on a real store that loses its quorum over the ends of auctions.')
  .addOption(
    new Option('--store <kind>').choices(['zookeeper', 'etcd']).default('zookeeper' as const),
  )
  .option('--seconds <n>', 'how long the quorum is away', Number, 20)
  .option('--session-timeout-ms <n>', 'of the nodes', Number, all.sessionTimeoutMs)
  .option('--folder <path>', 'keep logs and history there')
  .parse(process.argv)
  .opts<Pick<OutageOptions, 'store' | 'sessionTimeoutMs'> & { seconds: number; folder?: string }>()
const kept = folder ?? mkdtempSync(join(tmpdir(), 'lotkeeper-outage-'))
mkdirSync(kept, { recursive: true })
const startMs = performance.now()
const played = await playOutage(
  { store, sessionTimeoutMs, outageMs: seconds * 1_000, program: all.program, folder: kept },
  (progress) => {
    const passed = ((performance.now() - startMs) / 1_000).toFixed(1)
    process.stderr.write(`${passed.padStart(6)} s  ${progress}\n`)
  },
)
console.log(violationsText(played.violations))
process.stderr.write(`logs and history: ${kept}\n`)
const isClean =
  played.violations.length === 0 && played.scenes.every(({ complaints }) => complaints.length === 0)
process.exit(isClean ? 0 : 1)
