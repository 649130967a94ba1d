import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { BackendKind } from '../support/backends.ts'
import { type NemesisName, nemesisNames } from './nemeses/names.ts'

export const scenarioNames = [
  'kill-node',
  'kill-leader',
  'kill-holder',
  'freeze',
  'store-member',
  'mixed',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

export interface RunOptions {
  store: BackendKind
  scenario: ScenarioName
  /** Rounds of these in place of a scenario. */
  nemesis: readonly NemesisName[] | 'all' | undefined
  /** Fixes who bids what and which node or server is hit; not the timing of real processes. */
  seed: number
  /** Faults of the scenario's kind; its own number when absent. */
  rounds: number | undefined
  bidders: number
  quiet: number
  /** Mean pause of a bidder between two bids. */
  thinkMs: number
  nodes: number
  sessionTimeoutMs: number
  /** Window and extension of the hot auction; after the last bid it closes within twice this. */
  softCloseMs: number
  /** Whether what was killed comes back. */
  restart: boolean
  /** The nodes' program: another build, to see an old or a spoilt one judged. */
  program: string
  /** Logs and history; a temporary folder, kept only after a failure, when absent. */
  folder: string | undefined
  json: boolean
}

export const defaultOptions: RunOptions = {
  store: 'zookeeper',
  scenario: 'mixed',
  nemesis: undefined,
  seed: 1,
  rounds: undefined,
  bidders: 64,
  quiet: 200,
  thinkMs: 250,
  nodes: 3,
  sessionTimeoutMs: 6_000,
  softCloseMs: 8_000,
  restart: true,
  program: fileURLToPath(new URL('../../dist/cmd/lotkeeper.js', import.meta.url)),
  folder: undefined,
  json: false,
}

export interface ToDo {
  options: RunOptions
  /** Judge this old history instead of running anything. */
  check: string | undefined
  /** So many runs, with seeds that follow each other. */
  runs: number
  /** Results are added there; what is in it already is not run again. */
  resume: string | undefined
}

/** What rounds of nemeses are played with, where nothing else is asked for. */
const ofRounds = { sessionTimeoutMs: 4_000, softCloseMs: 12_000, quiet: 8, rounds: 10 }

/** Ends the process with the usual words on a bad command line. */
export function parseOptions(argv: readonly string[]): ToDo {
  const all = defaultOptions
  const command = new Command('faults')
    .description('Real nodes on a real store under load, while processes are killed and frozen.')
    .addOption(new Option('--store <kind>').choices(['zookeeper', 'etcd']).default(all.store))
    .addOption(new Option('--scenario <name>').choices(scenarioNames).default(all.scenario))
    .option(
      '--nemesis <list>',
      `rounds of these in place of a scenario: all, or some of ${nemesisNames.join(', ')}`,
      nemesesOf,
    )
    .option('--runs <n>', 'runs of --rounds each, with consecutive seeds', whole, 1)
    .option('--resume <file>', 'add results there, skip those that it holds', (path) =>
      resolve(path),
    )
    .option('--seed <n>', 'who bids what, and who is hit', whole, all.seed)
    .option('--rounds <n>', 'faults of this kind, or rounds of nemeses', whole)
    .option('--bidders <n>', 'people, each with a session', whole, all.bidders)
    .option(
      '--quiet <n>',
      'auctions beside the hot one (with --nemesis: of each round)',
      whole,
      all.quiet,
    )
    .option('--think-ms <n>', 'mean pause of a bidder', whole, all.thinkMs)
    .option('--nodes <n>', 'processes of lotkeeper', whole, all.nodes)
    .option('--session-timeout-ms <n>', 'of the nodes', whole, all.sessionTimeoutMs)
    .option('--soft-close-ms <n>', 'of the hot auction', whole, all.softCloseMs)
    .option('--no-restart', 'leave dead what was killed')
    .option(
      '--program <path>',
      'what the nodes run: another build',
      (path) => resolve(path),
      all.program,
    )
    .option('--folder <path>', 'keep logs and history there')
    .option('--json', 'the verdict as JSON', all.json)
    .option('--check <history>', 'judge an old history, run nothing')
    .parse([...argv])
  const given = command.opts<RunOptions & Omit<ToDo, 'options'>>()
  const { check, runs, resume, ...flags } = given
  if (flags.nemesis === undefined) return { options: { ...all, ...flags }, check, runs, resume }
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  const ours = Object.fromEntries(Object.entries(ofRounds).filter(([name]) => !isGiven(name)))
  return { options: { ...all, ...flags, ...ours }, check, runs, resume }
}

function nemesesOf(text: string): readonly NemesisName[] | 'all' {
  if (text === 'all') return text
  return text.split(',').map((name) => {
    const found = nemesisNames.find((known) => known === name)
    if (found === undefined) throw new InvalidArgumentError(`There is no nemesis ${name}.`)
    return found
  })
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
