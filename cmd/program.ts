import { Command } from 'commander'
import { version } from '../src/node/version.ts'
import { addAuction } from './auction.ts'
import { addBid } from './bid.ts'
import { addCluster } from './cluster-status.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { examples } from './examples.ts'
import type { ExitCode } from './exit-code.ts'
import { addLogin } from './login.ts'
import { addServe } from './serve.ts'
import type { Terminal } from './terminal.ts'
import { addWatch } from './watch.ts'

/** What a command needs beside its flags. */
export interface Shell {
  readonly terminal: Terminal
  /** How the program shall exit; ok unless a command says otherwise. */
  readonly exitWith: (code: ExitCode) => void
}

export function createProgram(shell: Shell): Command {
  const { terminal } = shell
  const program = new Command('lotkeeper')
    .description('Live auctions on a cluster that cannot lose a bid.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('(--help shows how it is used, with examples)')
    .addHelpText(
      'after',
      examples(
        'lotkeeper demo',
        'lotkeeper serve --store zookeeper://zk1:2181,zk2:2181,zk3:2181/lotkeeper',
        'export LOTKEEPER_TOKEN="$(lotkeeper login Ann)"',
        'lotkeeper auction create --title "A brass sextant" --duration-ms 600000',
      ),
    )
  for (const add of [addServe, addDemo, addLogin, addAuction, addBid, addWatch, addCluster])
    add(program, shell)
  addDoctor(program, shell)
  return program
}
