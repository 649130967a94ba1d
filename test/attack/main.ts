import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attack, AttackResult } from './attack.ts'
import { attacks } from './attacks/all.ts'
import { judgeBudget } from './budget/budget.ts'
import { runFuzz } from './fuzz/fuzz.ts'
import { type AttackOptions, parseOptions } from './options.ts'
import { playAttack } from './run-attack.ts'
import { missingHaproxy } from './stage/haproxy.ts'
import { openStage, type StageKind, type StageOptions } from './stage/stage.ts'
import { tableOf } from './table.ts'

// npm run attack -- --store all --proxy
// Exit status 1 when anything was broken.

const options = parseOptions(process.argv)
const startMs = performance.now()
const say = (text: string) => {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stderr.write(`${seconds.padStart(7)} s  ${text}\n`)
}

// Asked to stop: whatever was started is ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lotkeeper-attack-'))
mkdirSync(folder, { recursive: true })
const isSound = await all(options)
if (options.folder === undefined && isSound) rmSync(folder, { recursive: true, force: true })
else say(`logs and data are in ${folder}`)
process.exit(isSound ? 0 : 1)

async function all(options: AttackOptions): Promise<boolean> {
  const missing = options.proxy ? missingHaproxy() : undefined
  if (missing !== undefined) {
    say(`LEFT OUT: --proxy: ${missing}`)
    return false
  }
  let isSound = true
  for (const kind of options.stores) {
    const { program, proxy: isThroughProxy } = options
    const stage: StageOptions = { kind, program, folder, isThroughProxy }
    if (options.fuzz !== undefined) isSound = (await fuzzed(options, stage)) && isSound
    else if (options.budget) isSound = (await judgeBudget(stage, say)) && isSound
    else isSound = (await attacked(kind, stage)) && isSound
  }
  return isSound
}

async function fuzzed(options: AttackOptions, stage: StageOptions): Promise<boolean> {
  const { fuzz: kinds = [], seconds, steps, seed, from } = options
  const report = await runFuzz(stage, { kinds, seconds, steps, seed, from }, say)
  console.log(options.json ? JSON.stringify(report) : report.summary)
  for (const finding of report.findings) console.log(finding)
  return report.findings.length === 0
}

async function attacked(kind: StageKind, stageOptions: StageOptions): Promise<boolean> {
  const stage = await openStage(stageOptions)
  const results: AttackResult[] = []
  try {
    for (const attack of attacks) {
      if (options.attack?.includes(attack.name) === false) continue
      const fromMs = performance.now()
      const leftOut = whyNot(attack, kind)
      if (leftOut === undefined) say(`${attack.name} on ${kind}`)
      const violations = leftOut === undefined ? await playAttack(attack, stage, stageOptions) : []
      const result: AttackResult = {
        ...{ name: attack.name, promise: attack.promise, store: kind, violations },
        way: options.proxy ? 'proxy' : 'direct',
        tookMs: performance.now() - fromMs,
        ...(leftOut !== undefined && { leftOut }),
      }
      results.push(result)
      for (const text of violations.slice(0, 3)) say(`  BROKEN: ${text}`)
      if (options.json) console.log(JSON.stringify(result))
    }
  } finally {
    await stage.stop()
  }
  if (!options.json) console.log(tableOf(results))
  return results.every(({ violations }) => violations.length === 0)
}

function whyNot(attack: Attack, kind: StageKind): string | undefined {
  if (attack.stores?.includes(kind) === false)
    return `not on ${kind}: only its node opens the store`
  return options.proxy ? attack.notThroughProxy : undefined
}
