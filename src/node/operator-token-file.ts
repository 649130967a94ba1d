import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asError } from '../lib/clock.ts'
import { systemEntropy } from '../lib/entropy.ts'
import { BadConfig } from './config.ts'
import { parseStoreAddress } from './store-address.ts'

/** 256 bits. */
const tokenBytes = 32

/** Where an embedded node keeps the operator's token that it made itself; undefined for stores without a folder. */
export function operatorTokenFileOf(store: string): string | undefined {
  const address = parseStoreAddress(store)
  return address.kind === 'embedded' ? join(address.folder, 'operator-token') : undefined
}

/**
 * The operator's token of an embedded store's folder, made at its first start and readable by its owner alone.
 * @throws BadConfig when it can be neither read nor made
 */
export function keptOperatorToken(store: string): string | undefined {
  const file = operatorTokenFileOf(store)
  if (file === undefined) return undefined
  try {
    if (!existsSync(file)) {
      mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
      writeFileSync(file, `${systemEntropy.token(tokenBytes)}\n`, { mode: 0o600, flag: 'wx' })
    }
    chmodSync(file, 0o600)
    const token = readFileSync(file, 'utf8').trim()
    if (token.length >= 16) return token
  } catch (error) {
    throw new BadConfig(`the operator's token cannot be kept in ${file}: ${asError(error).message}`)
  }
  throw new BadConfig(`${file} holds no operator's token: remove it, and the next start makes one`)
}
