import { hash } from 'node:crypto'
import { assert, must } from '../lib/assert.ts'
import type { HeadIds } from './records.ts'

/** Ids in one chunk, and the bytes of an entry: 6 of hash, 4 of slot. */
export const idsPerChunk = 4_096
const hashBytes = 6
const entryBytes = hashBytes + 4

/** 48 bits of SHA-256 over bidder and bid id, as an integer. A hit is a hint: the journal's own event decides. */
export function hashBidId(bidderId: string, bidId: string): number {
  const hex = hash('sha256', `${bidderId}\n${bidId}`)
  return Number.parseInt(hex.slice(0, 2 * hashBytes), 16)
}

/**
 * The hashes of all accepted bid ids of one auction, in journal order, as far as this node knows them.
 * Complete up to `count` ids; memory is about 100 bytes an id.
 */
export interface BidIds {
  readonly count: number
  /** Slots in which a bid with this hash was accepted; nearly always none or one. */
  slotsOf(hash: number): readonly number[]
  add(hash: number, slot: number): void
  /** Takes what a head tells. False when chunks must be read first: from `firstMissingChunk` on. */
  takeHead(ids: HeadIds): boolean
  /** First chunk that holds an id not known yet. */
  readonly firstMissingChunk: number
  takeChunk(chunk: number, value: Uint8Array): void
  encodeChunk(chunk: number): Uint8Array
  /** How the head tells the ids from ordinal `chunked` on. */
  toHead(chunked: number): HeadIds
}

/** What the head tells once a batch in `slot` has accepted bids with these hashes as well. */
export function withAccepted(ids: HeadIds, slot: number, hashes: readonly number[]): HeadIds {
  if (hashes.length === 0) return ids
  const bytes = Buffer.allocUnsafe(hashes.length * hashBytes)
  hashes.forEach((hash, index) => bytes.writeUIntBE(hash, index * hashBytes, hashBytes))
  return {
    count: ids.count + hashes.length,
    chunked: ids.chunked,
    recent: [...ids.recent, [slot, bytes.toString('base64')]],
  }
}

export function createBidIds(): BidIds {
  const hashes: number[] = []
  const slots: number[] = []
  const slotsByHash = new Map<number, number | number[]>()

  const add = (hash: number, slot: number) => {
    hashes.push(hash)
    slots.push(slot)
    const known = slotsByHash.get(hash)
    if (known === undefined) slotsByHash.set(hash, slot)
    else slotsByHash.set(hash, Array.isArray(known) ? [...known, slot] : [known, slot])
  }

  return {
    get count() {
      return hashes.length
    },
    slotsOf(hash) {
      const known = slotsByHash.get(hash)
      if (known === undefined) return []
      return Array.isArray(known) ? known : [known]
    },
    add,
    takeHead(ids) {
      if (hashes.length < ids.chunked) return false
      let ordinal = ids.chunked
      for (const [slot, packed] of ids.recent) {
        const bytes = Buffer.from(packed, 'base64')
        for (let at = 0; at < bytes.length; at += hashBytes, ordinal++) {
          if (ordinal >= hashes.length) add(bytes.readUIntBE(at, hashBytes), slot)
        }
      }
      return true
    },
    get firstMissingChunk() {
      return Math.floor(hashes.length / idsPerChunk)
    },
    takeChunk(chunk, value) {
      assert(value.byteLength % entryBytes === 0, 'a chunk of ids is made of whole entries')
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      for (let at = 0; at < bytes.length; at += entryBytes) {
        const ordinal = chunk * idsPerChunk + at / entryBytes
        if (ordinal < hashes.length) continue
        assert(ordinal === hashes.length, 'chunks of ids have no gaps')
        add(bytes.readUIntBE(at, hashBytes), bytes.readUInt32BE(at + hashBytes))
      }
    },
    encodeChunk(chunk) {
      const from = chunk * idsPerChunk
      const to = Math.min(hashes.length, from + idsPerChunk)
      const bytes = Buffer.allocUnsafe((to - from) * entryBytes)
      for (let ordinal = from; ordinal < to; ordinal++) {
        const at = (ordinal - from) * entryBytes
        bytes.writeUIntBE(must(hashes[ordinal], 'hash'), at, hashBytes)
        bytes.writeUInt32BE(must(slots[ordinal], 'slot'), at + hashBytes)
      }
      return bytes
    },
    toHead(chunked) {
      return { count: hashes.length, chunked, recent: pack(hashes, slots, chunked) }
    },
  }
}

function pack(hashes: number[], slots: number[], from: number): [number, string][] {
  const recent: [number, string][] = []
  for (let ordinal = from; ordinal < hashes.length;) {
    const slot = must(slots[ordinal], 'slot')
    let end = ordinal
    while (end < hashes.length && slots[end] === slot) end++
    const bytes = Buffer.allocUnsafe((end - ordinal) * hashBytes)
    for (let at = 0; at < bytes.length; at += hashBytes, ordinal++) {
      bytes.writeUIntBE(must(hashes[ordinal], 'hash'), at, hashBytes)
    }
    recent.push([slot, bytes.toString('base64')])
  }
  return recent
}
