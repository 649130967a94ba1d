import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { defaultNodeConfig } from '../src/node/config.ts'
import { isLoopback } from '../src/node/open-to-operators.ts'
import { operatorTokenFileOf } from '../src/node/operator-token-file.ts'
import { exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'
import { flag } from './flag.ts'

/** How a command shows that the operator asks. */
export interface OperatorFlags {
  operatorToken?: string
  operatorTokenFile?: string
}

const defaultFile = operatorTokenFileOf(defaultNodeConfig.store)

export function withOperatorFlags(command: Command): Command {
  return command
    .addOption(flag('--operator-token <token>', 'as the nodes were started with'))
    .addOption(
      flag(
        '--operator-token-file <path>',
        'a file that holds it; that of ./lotkeeper-data without, for nodes of this machine',
      ),
    )
}

/**
 * The operator's token for these nodes. Without a flag that of the default data folder, for nodes of this very machine only: it must
 * not go to others.
 * @throws Failure when the file that a flag names cannot be read
 */
export function operatorTokenOf(
  flags: OperatorFlags,
  nodes: readonly string[],
): string | undefined {
  if (flags.operatorToken !== undefined) return flags.operatorToken
  if (flags.operatorTokenFile !== undefined) {
    const token = read(flags.operatorTokenFile)
    if (token !== undefined) return token
    const message = `--operator-token-file: ${flags.operatorTokenFile} cannot be read`
    throw new Failure(exitCodes.usage, message, 'Name the file that the node was started with.')
  }
  const isOurs = nodes.every((url) => isLoopback(new URL(url).hostname.replace(/[[\]]/g, '')))
  return isOurs && defaultFile !== undefined ? read(defaultFile) : undefined
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
