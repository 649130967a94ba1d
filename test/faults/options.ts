import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { BackendKind } from '../support/backends.ts'

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
}

/** Ends the process with the usual words on a bad command line. */
export function parseOptions(argv: readonly string[]): ToDo {
  const all = defaultOptions
  const command = new Command('faults')
    .description('Real nodes on a real store under load, while processes are killed and frozen.')
    .addOption(new Option('--store <kind>').choices(['zookeeper', 'etcd']).default(all.store))
    .addOption(new Option('--scenario <name>').choices(scenarioNames).default(all.scenario))
    .option('--seed <n>', 'who bids what, and who is hit', whole, all.seed)
    .option('--rounds <n>', 'faults of this kind', whole)
    .option('--bidders <n>', 'people, each with a session', whole, all.bidders)
    .option('--quiet <n>', 'auctions beside the hot one', whole, all.quiet)
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
  const { check, ...flags } = command.opts<Omit<RunOptions, 'rounds' | 'folder'> & Partial<ToDo>>()
  return { options: { ...all, ...flags }, check }
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
