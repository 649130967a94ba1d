import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Command } from 'commander'
import type { NodeConfig } from '../../src/node/config.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import { flag } from '../flag.ts'

/** Whether people reach the node over TLS, and who ends it. */
export interface TlsFlags {
  tlsCert?: string
  tlsKey?: string
  behindTls?: boolean
}

export function addTlsFlags(command: Command): Command {
  return command
    .addOption(flag('--tls-cert <path>', 'serve https and wss: the certificate chain, in PEM'))
    .addOption(flag('--tls-key <path>', 'its key, in PEM'))
    .addOption(
      flag('--behind-tls', 'people reach this node by https, through a proxy that ends TLS'),
    )
}

/** @throws Failure when a file cannot be read, or the two do not fit; what is in the key's file is never printed */
export function tlsConfigOf(flags: TlsFlags): Pick<NodeConfig, 'tls' | 'behindTls'> {
  const { tlsCert, tlsKey, behindTls = false } = flags
  if (tlsCert === undefined && tlsKey === undefined) return { behindTls }
  if (tlsCert === undefined || tlsKey === undefined) {
    throw usage('--tls-cert and --tls-key go together', 'Give both, or neither.')
  }
  const tls = { cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey) }
  try {
    createSecureContext(tls)
  } catch {
    const advice = 'Use a PEM certificate chain and its own PEM key, without a passphrase.'
    throw usage(`${tlsCert} and ${tlsKey} are no certificate and its key`, advice)
  }
  return { behindTls, tls }
}

function read(name: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw usage(`${name}: ${path} cannot be read (${code})`, 'Name a file that this user may read.')
  }
}

function usage(message: string, advice: string): Failure {
  return new Failure(exitCodes.usage, message, advice)
}
