import { ulid as encode } from 'ulid'
import type { Entropy } from './entropy.ts'

/** A ULID: 26 characters of Crockford base32, sortable by `timeMs`. */
export function newUlid(timeMs: number, entropy: Entropy): string {
  return encode(Math.floor(timeMs), () => entropy.random())
}

export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
