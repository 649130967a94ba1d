import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asError } from '../../src/lib/clock.ts'
import { parseOptions } from './options.ts'
import { runScenario } from './run-scenario.ts'
import { scenarios } from './scenarios/all.ts'
import { tableOf } from './table.ts'

// npm run bench -- --store etcd --scenario hot,latency --duration 20
// Exit status 1 when an acknowledged bid is missing or a scenario broke off; never for a figure.

const options = parseOptions(process.argv)
const startMs = performance.now()
const progressOf = (name: string) => (text: string) => {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stderr.write(`${seconds.padStart(7)} s  ${name}: ${text}\n`)
}

// Asked to stop: whatever was started is ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lotkeeper-bench-'))
mkdirSync(folder, { recursive: true })
let failures = 0
for (const name of options.scenarios) {
  const say = progressOf(name)
  const scenario = scenarios.find((known) => known.name === name)
  const missing = scenario?.needs?.(options)
  if (scenario === undefined || missing !== undefined) {
    say(`LEFT OUT: ${missing ?? 'not there'}`)
    continue
  }
  try {
    const result = await runScenario(scenario, { ...options, folder }, say)
    console.log(options.json ? JSON.stringify(result) : tableOf(result))
    if (result.checked.complaints.length > 0) failures++
  } catch (error) {
    failures++
    say(`BROKE OFF: ${asError(error).stack ?? ''}`)
  }
}
if (options.folder === undefined && failures === 0) rmSync(folder, { recursive: true, force: true })
else progressOf('bench')(`logs and data are in ${folder}`)
process.exit(failures === 0 ? 0 : 1)
