import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { StoreKind } from '../../src/store/store.ts'
import { nodeWithMemory } from './memory.ts'
import { type ScenarioName, scenarioNames } from './scenario.ts'

export interface BenchOptions {
  store: StoreKind
  scenarios: readonly ScenarioName[]
  nodes: number
  /** Three store servers without. */
  storeSize?: 1 | 3
  /** Each scenario is measured for so long, and each of its references. */
  durationMs: number
  /** Into so many slices that is cut, which take turns. */
  rounds: number
  warmUpMs: number
  size: BenchSize
  /** In ids and names; the timing of real processes it cannot fix. */
  seed: number
  /** What the nodes run: another build. */
  program: string
  /** Whether the nodes write heap snapshots. */
  heap: boolean
  /** Logs and data; a temporary folder, removed when all went well, when absent. */
  folder: string | undefined
  json: boolean
}

/** How large the scenarios are. Smaller ones are for tests, which do not look at the time. */
export interface BenchSize {
  readonly bidders: number
  readonly saturation: readonly number[]
  readonly auctions: number
  readonly viewers: number
  readonly histories: readonly number[]
  readonly closings: { readonly auctions: number; readonly withinMs: number }
  readonly idle: { readonly viewers: number; readonly auctions: number }
  readonly failover: {
    readonly kills: number
    readonly quiet: number
    readonly softCloseMs: number
  }
}

export const fullSize: BenchSize = {
  bidders: 64,
  saturation: [64, 128, 256, 512],
  auctions: 2_000,
  viewers: 3_000,
  histories: [100, 10_000, 100_000],
  closings: { auctions: 5_000, withinMs: 10_000 },
  idle: { viewers: 5_000, auctions: 10_000 },
  failover: { kills: 20, quiet: 200, softCloseMs: 8_000 },
}

export const defaultOptions: BenchOptions = {
  store: 'zookeeper',
  scenarios: scenarioNames,
  nodes: 3,
  durationMs: 10_000,
  rounds: 4,
  warmUpMs: 2_000,
  size: fullSize,
  seed: 1,
  program: fileURLToPath(new URL('../../dist/cmd/lotkeeper.js', import.meta.url)),
  heap: false,
  folder: undefined,
  json: false,
}

const nodeWithProfile = fileURLToPath(new URL('node-with-profile.mjs', import.meta.url))

/** Of a bad command line; 1 is for what went wrong. */
const usageStatus = 2

/** Ends the process with the usual words on a bad command line. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const all = defaultOptions
  const kinds = ['memory', 'embedded', 'zookeeper', 'etcd'] as const
  const command = new Command('bench')
    .description('Real nodes on a real store, each figure beside a reference of the same run.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : usageStatus))
    .addOption(new Option('--store <kind>').choices(kinds).default(all.store))
    .option('--scenario <list>', `some of ${scenarioNames.join(', ')}`, scenariosOf, all.scenarios)
    .option('--nodes <n>', 'processes of lotkeeper (one on an embedded store)', whole, all.nodes)
    .option('--duration <s>', 'of each measurement, in seconds', seconds, all.durationMs)
    .option('--rounds <n>', 'slices of it, in turns with the reference', whole, all.rounds)
    .option('--seed <n>', 'of names and ids', whole, all.seed)
    .option('--program <path>', 'another build', (path: string) => resolve(path), all.program)
    .addOption(
      new Option('--profile', 'sample the nodes: npm run profile -- FOLDER')
        .default(false)
        .conflicts(['heap', 'program']),
    )
    .addOption(
      new Option('--heap', 'let the nodes write heap snapshots: npm run heap -- FOLDER')
        .default(false)
        .conflicts('program'),
    )
    .option('--folder <path>', 'keep logs and data there', (path: string) => resolve(path))
    .option('--json', 'one line of JSON for each scenario', all.json)
    .parse([...argv])
  type Flags = Pick<
    BenchOptions,
    'store' | 'nodes' | 'rounds' | 'seed' | 'program' | 'heap' | 'json'
  > & {
    scenario: readonly ScenarioName[]
    duration: number
    profile: boolean
    folder?: string
  }
  const { scenario, duration, profile, folder, ...flags } = command.opts<Flags>()
  if ((profile || flags.heap) && folder === undefined)
    command.error('error: say where to with --folder')
  if (profile && flags.store === 'memory')
    command.error('error: on memory no node is a process to be sampled')
  if (profile) flags.program = nodeWithProfile
  if (flags.heap) flags.program = nodeWithMemory
  const nodes = flags.store === 'embedded' ? 1 : flags.nodes
  return { ...all, ...flags, nodes, scenarios: scenario, durationMs: duration, folder }
}

function scenariosOf(text: string): ScenarioName[] {
  return text.split(',').map((name) => {
    const found = scenarioNames.find((known) => known === name)
    if (found === undefined) throw new InvalidArgumentError(`There is no scenario ${name}.`)
    return found
  })
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}

/** To milliseconds. */
function seconds(text: string): number {
  const value = Number(text)
  if (!(value >= 0.5 && value <= 600)) throw new InvalidArgumentError('Use 0.5 to 600 seconds.')
  return value * 1_000
}
