import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Mode } from './plan.ts'

export const asNames = ['it-is', 'locks-off', 'everybody-leads', 'both-off', 'outages'] as const
export type As = (typeof asNames)[number]

export interface SimOptions {
  /** How many, from `from` on. */
  readonly seeds: number
  readonly from: number
  /** `both`: odd seeds are safety runs, even ones liveness runs. */
  readonly mode: Mode | 'both'
  /** The cluster as it is, or without what safety does not rest on; `outages`: as it is, and the quorum is lost around ends. */
  readonly as: As
  /** Play this one alone. */
  readonly seed: number | undefined
  readonly trace: boolean
  /** Keep the histories of runs in which something broke. */
  readonly folder: string | undefined
  readonly workers: number
  readonly json: boolean
  /** Progress over seeds is kept there, and gone on from. */
  readonly resume: string | undefined
}

export function parseOptions(argv: readonly string[]): SimOptions {
  const command = new Command('sim')
    .description(
      'The whole cluster in one process, on virtual time: many small worlds, each drawn from its seed.',
    )
    .option('--seeds <n>', 'how many worlds', whole, 2_000)
    .option('--from <n>', 'the first seed', whole, 1)
    .addOption(
      new Option(
        '--mode <mode>',
        'safety: faults to the end; liveness: they stop, and all must finish',
      )
        .choices(['both', 'safety', 'liveness'])
        .default('both'),
    )
    .addOption(
      new Option(
        '--as <what>',
        'without locks, with every node leading, or both; or in worlds that lose the quorum around ends',
      )
        .choices(asNames)
        .default('it-is'),
    )
    .option('--seed <n>', 'play this world alone', whole)
    .option('--trace', 'tell its story', false)
    .option('--folder <path>', 'keep the histories of worlds in which something broke')
    .option('--workers <n>', 'processes side by side', whole, availableParallelism())
    .option('--resume <file>', 'append results there, and skip what it holds of this commit')
    .option('--json', 'the result as JSON', false)
    .parse([...argv])
  return command.opts()
}

export const modeOf = (seed: number, mode: SimOptions['mode']): Mode =>
  mode !== 'both' ? mode : seed % 2 === 1 ? 'safety' : 'liveness'

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Use a whole number.')
  return Number(text)
}
