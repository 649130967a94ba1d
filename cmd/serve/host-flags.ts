import type { Command } from 'commander'
import type { NodeConfig } from '../../src/node/config.ts'
import { flag, gatheredList } from '../flag.ts'

/** By which further names this node may be called. */
export interface HostFlags {
  allowHost: string[]
}

export function addHostFlags(command: Command): Command {
  return command.addOption(
    flag('--allow-host <name...>', 'further names by which callers may name this node in Host')
      .argParser(gatheredList(isHostName, 'Use host names, without scheme and port.'))
      .default([], 'none'),
  )
}

export function hostConfigOf({ allowHost }: HostFlags): Pick<NodeConfig, 'allowHosts'> {
  return { allowHosts: allowHost }
}

function isHostName(text: string): boolean {
  return /^[\p{L}\p{N}._-]{1,253}$/u.test(text) && URL.canParse(`http://${text}`)
}
