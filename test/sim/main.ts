import { execFileSync, fork } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  addCounts,
  type Broken,
  compositionAs,
  type ManyPlayed,
  mustSee,
  playMany,
} from './many.ts'
import { type As, modeOf, parseOptions, type SimOptions } from './options.ts'
import { play, type SimCounts } from './play.ts'
import { createStory } from './story.ts'

/** Seeds that one process is given at a time. */
const portionMax = 100

const options = parseOptions(process.argv)
if (process.send !== undefined) serveAsWorker(options)
else if (options.seed === undefined) process.exitCode = (await playAll(options)) ? 0 : 1
else process.exitCode = (await playOne(options, options.seed)) ? 0 : 1

async function playOne(given: SimOptions, seed: number): Promise<boolean> {
  const story = createStory((line) => console.log(line))
  const told = given.trace ? { tell: story.tell } : {}
  const composition = compositionAs(given.as)
  const played = await play({ seed, mode: modeOf(seed, given.mode), composition, ...told })
  if (given.trace) story.history(played.history)
  if (given.json) for (const line of played.history) console.log(JSON.stringify(line))
  else story.end(played)
  return played.violations.length + played.defects.length === 0
}

interface Portion {
  readonly from: number
  readonly seeds: number
}

/** A process of its own for each share of the seeds: one busy core each. */
function serveAsWorker(given: SimOptions): void {
  process.on('message', (portion: Portion) => {
    void playMany({ ...given, ...portion }).then((played) => process.send?.({ portion, played }))
  })
}

async function playAll(given: SimOptions): Promise<boolean> {
  const startMs = performance.now()
  const counts: SimCounts = {}
  const broken: Broken[] = []
  let doneCount = 0
  const commit = commitOf()
  const add = ({ played, portion }: { played: ManyPlayed; portion: Portion }, isNew: boolean) => {
    addCounts(counts, played.counts)
    broken.push(...played.broken)
    doneCount += played.seeds
    for (const { seed, mode, violations, defects } of isNew ? played.broken : []) {
      const first = violations[0] ?? { rule: 'defect', detail: defects[0] }
      process.stderr.write(`seed ${seed}, ${mode}: ${first.rule}: ${first.detail}\n`)
    }
    if (!isNew) return
    const seconds = (performance.now() - startMs) / 1_000
    process.stderr.write(
      `${seconds.toFixed(0).padStart(6)} s  ${doneCount} of ${given.seeds} worlds, ${broken.length} broken\n`,
    )
    const { resume, mode, as } = given
    if (resume !== undefined)
      appendFileSync(resume, `${JSON.stringify({ commit, mode, as, portion, played })}\n`)
  }
  const known = readDone(given, commit)
  for (const done of known.values()) add(done, false)
  const portions = portionsOf(given).filter(({ from }) => !known.has(from))
  await Promise.all(
    Array.from({ length: Math.min(given.workers, portions.length) }, () =>
      runWorker(portions, add),
    ),
  )
  const unseen =
    doneCount < 200 ? [] : mustSeeAs(given.as).filter((name) => (counts[name] ?? 0) === 0)
  const passed = broken.length === 0 && unseen.length === 0 && doneCount === given.seeds
  report(given, { counts, broken, unseen, doneCount, commit })
  return passed
}

/** Without locks nobody hands one over, and nobody holds one whose answers could be lost. */
function mustSeeAs(as: As): readonly string[] {
  const hasLocks = !['locks-off', 'both-off'].includes(as)
  return mustSee.filter((name) => hasLocks || !/^(lock_|forwarded_|fault drop-reply)/.test(name))
}

function portionsOf({ from, seeds, workers }: SimOptions): Portion[] {
  const size = Math.max(1, Math.min(portionMax, Math.ceil(seeds / workers)))
  return Array.from({ length: Math.ceil(seeds / size) }, (_, index) => ({
    from: from + index * size,
    seeds: Math.min(size, seeds - index * size),
  }))
}

interface Done {
  readonly portion: Portion
  readonly played: ManyPlayed
}

/** What an earlier run of this commit has already played. */
function readDone(given: SimOptions, commit: string): Map<number, Done> {
  const done = new Map<number, Done>()
  if (given.resume === undefined || !existsSync(given.resume)) return done
  const lines = readFileSync(given.resume, 'utf8').split('\n')
  const wanted = new Map(portionsOf(given).map(({ from, seeds }) => [from, seeds]))
  for (const line of lines.filter((text) => text !== '')) {
    const entry = JSON.parse(line) as Done & { commit: string; mode: string; as: string }
    const { mode, as } = entry
    const isSame = entry.commit === commit && mode === given.mode && as === given.as
    if (isSame && wanted.get(entry.portion.from) === entry.portion.seeds)
      done.set(entry.portion.from, entry)
  }
  return done
}

/**
 * Takes portions until none is left. A process that dies takes the whole run with it: its seeds were not judged. Each portion
 * gets a new one, since what a world leaves behind (signals that never abort, of nodes that were killed) is never let go.
 */
async function runWorker(
  portions: Portion[],
  onDone: (done: Done, isNew: boolean) => void,
): Promise<void> {
  for (let portion = portions.shift(); portion !== undefined; portion = portions.shift()) {
    onDone(await playApart(portion), true)
  }
}

function playApart(portion: Portion): Promise<Done> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2))
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
    child.once('message', (done: Done) => {
      child.removeAllListeners('exit')
      child.kill()
      resolve(done)
    })
    child.send(portion)
  })
}

function report(
  given: SimOptions,
  seen: {
    counts: SimCounts
    broken: Broken[]
    unseen: string[]
    doneCount: number
    commit: string
  },
): void {
  const { counts, broken, unseen, doneCount, commit } = seen
  if (given.json) {
    console.log(JSON.stringify({ ...seen, node: process.version }, null, 2))
    return
  }
  for (const [name, count] of Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)))
    console.log(`  ${name.padEnd(32)}${count}`)
  for (const name of unseen) console.log(`SAW NO ${name}`)
  for (const { seed, mode } of broken)
    console.log(`BROKEN  npm run sim -- --seed ${seed} --mode ${mode} --trace`)
  const violations = broken.reduce((sum, { violations: { length } }) => sum + length, 0)
  const operations = counts['sent'] ?? 0
  const day = new Date().toISOString().slice(0, 10)
  console.log(
    `${violations} violations and ${broken.length} broken worlds in ${doneCount} (seeds ${given.from} to ` +
      `${given.from + given.seeds - 1}), ${operations} bids sent, commit ${commit}, Node ${process.version}, ${day}`,
  )
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
