import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parseCidr } from '../../src/lib/ip-address.ts'
import type { NodeConfig } from '../../src/node/config.ts'
import { keptOperatorToken } from '../../src/node/operator-token-file.ts'
import {
  fixedLimitNames,
  limitsFault,
  type NodeLimits,
  protocolLimits,
} from '../../src/protocol/limits.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import { flag, listOf, parsedBy } from '../flag.ts'

/** Who stands before this node, how much it takes from whom, and who runs it. */
export interface DoorFlags {
  trustedProxy: string[]
  nodeLimit: Partial<NodeLimits>
  operatorToken?: string
  operatorTokenFile?: string
}

const operatorTokenPattern = /^[\x21-\x7e]{16,256}$/
const operatorTokenForm = 'Use 16 to 256 visible ASCII characters, without blanks.'

export function addDoorFlags(command: Command): Command {
  return command
    .addOption(
      flag('--trusted-proxy <cidr...>', 'addresses or ranges whose X-Forwarded-For is believed')
        .argParser(gathered(parsedBy(cidrsOf, 'Use addresses or ranges, as in 10.0.0.0/8.')))
        .default([], 'none'),
    )
    .addOption(
      flag('--node-limit <name=value...>', 'a limit of docs/protocol.md, in place of its own')
        .argParser(limitsParser())
        .default({}, 'none'),
    )
    .addOption(
      // Looked at later: commander prints what it cannot parse.
      flag('--operator-token <token>', 'what makes a caller the operator'),
    )
    .addOption(flag('--operator-token-file <path>', 'a file that holds it, in place of the flag'))
}

export function doorConfigOf(
  flags: DoorFlags & { store: string },
): Pick<NodeConfig, 'trustedProxies' | 'limits' | 'operatorToken'> {
  const operatorToken =
    checkedOperatorToken(flags.operatorToken) ??
    readOperatorToken(flags.operatorTokenFile) ??
    keptOperatorToken(flags.store)
  const fault = limitsFault({ ...protocolLimits, ...flags.nodeLimit })
  if (fault !== undefined) throw usage(`--node-limit: ${fault}`, 'See docs/protocol.md, "Limits".')
  return {
    trustedProxies: flags.trustedProxy,
    limits: flags.nodeLimit,
    ...(operatorToken !== undefined && { operatorToken }),
  }
}

function checkedOperatorToken(given: string | undefined): string | undefined {
  if (given === undefined || operatorTokenOf(given) !== undefined) return given
  throw usage('--operator-token: this is no operator token', operatorTokenForm)
}

function readOperatorToken(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  if (!existsSync(file)) throw usage(`--operator-token-file: ${file} is not there`, 'Make it.')
  const token = operatorTokenOf(readFileSync(file, 'utf8').trim())
  if (token !== undefined) return token
  throw usage(`--operator-token-file: ${file} holds no operator token`, operatorTokenForm)
}

function usage(message: string, advice: string): Failure {
  const code: ExitCode = exitCodes.usage
  return new Failure(code, message, advice)
}

function operatorTokenOf(text: string): string | undefined {
  return operatorTokenPattern.test(text) ? text : undefined
}

function cidrsOf(text: string): string[] | undefined {
  const ranges = listOf(text)
  return ranges.every((range) => parseCidr(range) !== undefined) ? ranges : undefined
}

/** The environment gives several in one text, the command line one after the other. */
function gathered(parse: (text: string) => string[]) {
  let given: string[] = []
  return (text: string) => (given = [...given, ...parse(text)])
}

function limitsParser() {
  let given: Partial<NodeLimits> = {}
  const names = Object.keys(protocolLimits).filter((name) => !isFixed(name))
  const parse = parsedBy(
    limitsOf,
    `Use NAME=WHOLE-NUMBER, with a name of docs/protocol.md, "Limits": ${names.join(', ')}.`,
  )
  return (text: string) => (given = { ...given, ...parse(text) })
}

function isFixed(name: string): boolean {
  return (fixedLimitNames as readonly string[]).includes(name)
}

function limitsOf(text: string): Partial<NodeLimits> | undefined {
  const found: Record<string, number> = {}
  for (const part of listOf(text)) {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(\d{1,12})$/.exec(part) ?? []
    if (isFixed(name)) {
      const advice = 'Leave it out: clients and other nodes rely on it.'
      throw usage(`--node-limit: ${name} is part of the protocol and cannot be set`, advice)
    }
    if (!Object.hasOwn(protocolLimits, name) || Number(value) < 1) return undefined
    found[name] = Number(value)
  }
  return found
}
