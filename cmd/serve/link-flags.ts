import type { Command } from 'commander'
import type { NodeConfig } from '../../src/node/config.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import { flag } from '../flag.ts'
import { readOf } from './store-flags.ts'

/** How other nodes with an https link URL prove themselves to this one, and it to them. */
export interface LinkFlags {
  linkCa?: string
  linkCert?: string
  linkKey?: string
}

export function addLinkFlags(command: Command): Command {
  return command
    .addOption(flag('--link-ca <file>', 'who signs the certificates of https link URLs (PEM)'))
    .addOption(flag('--link-cert <file>', 'our certificate, where other nodes ask for one (PEM)'))
    .addOption(flag('--link-key <file>', 'its key (PEM)'))
}

export function linkConfigOf(flags: LinkFlags): Pick<NodeConfig, 'linkTls'> {
  const ca = readOf('--link-ca', flags.linkCa)
  const cert = readOf('--link-cert', flags.linkCert)
  const key = readOf('--link-key', flags.linkKey)
  if ((cert === undefined) !== (key === undefined))
    throw new Failure(exitCodes.usage, '--link-cert and --link-key go together', 'Give both.')
  if (ca === undefined && cert === undefined) return {}
  return { linkTls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } }
}
