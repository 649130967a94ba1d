import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import { attacks } from './attacks/all.ts'
import { fuzzKinds, type FuzzKind } from './fuzz/fuzz.ts'
import type { StageKind } from './stage/stage.ts'

export interface AttackOptions {
  stores: readonly StageKind[]
  /** Also through HAProxy with the file that is shipped. */
  proxy: boolean
  /** Names; all without. */
  attack: readonly string[] | undefined
  fuzz: readonly FuzzKind[] | undefined
  budget: boolean
  seconds: number
  steps: number | undefined
  seed: number
  /** The first step of the fuzzer. */
  from: number
  /** What the nodes run: another build. */
  program: string
  folder: string | undefined
  json: boolean
}

export const program = fileURLToPath(new URL('../../dist/cmd/lotkeeper.js', import.meta.url))
const storeKinds = ['embedded', 'zookeeper', 'etcd'] as const

/** Ends the process with the usual words on a bad command line. */
export function parseOptions(argv: readonly string[]): AttackOptions {
  const names = attacks.map(({ name }) => name)
  const command = new Command('attack')
    .description('What a stranger can do to nodes that this command starts, on this machine alone.')
    .addOption(new Option('--store <kind>').choices([...storeKinds, 'all']).default('embedded'))
    .option('--proxy', 'through HAProxy with deploy/haproxy.cfg, instead of directly', false)
    .option('--attack <list>', `some of ${names.join(', ')}`, listOf(names))
    .option(
      '--fuzz [list]',
      `random requests and frames: ${fuzzKinds.join(', ')}`,
      listOf(fuzzKinds),
    )
    .option(
      '--budget',
      'ten times the allowed rate of each anonymous call, and what others notice',
      false,
    )
    .option('--seconds <n>', 'of the fuzzer, of all kinds together', whole, 60)
    .option('--steps <n>', 'of each kind, instead of seconds', whole)
    .option('--seed <n>', 'of the fuzzer', whole, 1)
    .option('--from <k>', 'first step of the fuzzer: where a finding was', whole, 0)
    .option('--program <path>', 'another build', (path: string) => resolve(path), program)
    .option('--folder <path>', 'keep logs and data there', (path: string) => resolve(path))
    .option('--json', 'one line of JSON for each result', false)
    .parse([...argv])
  type Flags = Omit<AttackOptions, 'stores' | 'fuzz'> & {
    store: StageKind | 'all'
    fuzz?: true | FuzzKind[]
  }
  const { store, fuzz, ...flags } = command.opts<Flags>()
  return {
    ...flags,
    attack: flags.attack,
    steps: flags.steps,
    folder: flags.folder,
    stores: store === 'all' ? storeKinds : [store],
    fuzz: fuzz === true ? fuzzKinds : fuzz,
  }
}

function listOf<T extends string>(known: readonly T[]) {
  return (text: string): T[] =>
    text.split(',').map((name) => {
      const found = known.find((one) => one === name)
      if (found === undefined) throw new InvalidArgumentError(`There is no ${name}.`)
      return found
    })
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
