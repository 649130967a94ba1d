import { decodeTime, ulid as encode } from 'ulid'
import type { Entropy } from './entropy.ts'

/** A ULID: 26 characters of Crockford base32, sortable by `timeMs`. */
export function newUlid(timeMs: number, entropy: Entropy): string {
  return encode(Math.floor(timeMs), () => entropy.random())
}

/** When it was made, ms since 1970; 0 for what is none. */
export function timeOfUlid(id: string): number {
  return ulidPattern.test(id) ? decodeTime(id) : 0
}

export const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/** When a well-formed ULID was made, in ms, by the clock of whoever made it. */
export const ulidTimeMs = (ulid: string): number => decodeTime(ulid)
