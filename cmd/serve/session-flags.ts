import type { Command } from 'commander'
import { defaultNodeConfig, type NodeConfig } from '../../src/node/config.ts'
import { flag, wholeNumber } from '../flag.ts'

export interface SessionFlags {
  sessionIdleDays: number
}

export function addSessionFlags(command: Command): Command {
  return command.addOption(
    flag('--session-idle-days <n>', 'a session that nobody uses ends after so many days')
      .argParser(wholeNumber(1, 365))
      .default(defaultNodeConfig.sessionIdleDays),
  )
}

export function sessionConfigOf({
  sessionIdleDays,
}: SessionFlags): Pick<NodeConfig, 'sessionIdleDays'> {
  return { sessionIdleDays }
}
