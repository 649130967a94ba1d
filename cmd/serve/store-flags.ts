import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { asError } from '../../src/lib/clock.ts'
import type { StoreCredentials } from '../../src/node/store-access.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import { flag } from '../flag.ts'

/** How the store and other nodes know this node, and it them. */
export interface StoreFlags {
  storeCa?: string
  storeCert?: string
  storeKey?: string
  storeUser?: string
  storePasswordFile?: string
}

export function addStoreFlags(command: Command): Command {
  return command
    .addOption(flag('--store-ca <file>', 'who signs the certificates of a +tls store (PEM)'))
    .addOption(flag('--store-cert <file>', 'our certificate, where the store asks for one (PEM)'))
    .addOption(flag('--store-key <file>', 'its key (PEM)'))
    .addOption(flag('--store-user <name>', 'at etcd, or of the digest at ZooKeeper'))
    .addOption(
      flag(
        '--store-password-file <file>',
        'a file that holds its password; LOTKEEPER_STORE_PASSWORD without',
      ),
    )
}

/** @throws Failure when a file cannot be read */
export function storeCredentialsOf(flags: StoreFlags): StoreCredentials {
  const ca = readOf('--store-ca', flags.storeCa)
  const cert = readOf('--store-cert', flags.storeCert)
  const key = readOf('--store-key', flags.storeKey)
  const password = passwordOf(flags.storePasswordFile)
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(flags.storeUser !== undefined && { user: flags.storeUser }),
    ...(password !== undefined && { password }),
  }
}

/** @throws Failure, with advice */
export function readOf(name: string, file: string | undefined): Buffer | undefined {
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file)
  } catch (error) {
    const advice = 'Name a file that the user of this node may read.'
    throw new Failure(exitCodes.usage, `${name}: ${asError(error).message}`, advice)
  }
}

/** By file or environment only: a flag would show it in `ps`. */
function passwordOf(file: string | undefined): string | undefined {
  const text = readOf('--store-password-file', file)
    ?.toString()
    .replace(/\r?\n$/, '')
  if (text === '') {
    const advice = 'Write the password into it, in one line.'
    throw new Failure(exitCodes.usage, `--store-password-file: ${file ?? ''} is empty`, advice)
  }
  const given = text ?? process.env['LOTKEEPER_STORE_PASSWORD']
  return given === '' ? undefined : given
}
