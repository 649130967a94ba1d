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
 * The hashes of all accepted bid ids of one auction, in journal order, as far as this node knows them. Complete up to their
 * count; memory is about 100 bytes an id, and little for the many auctions that have none: so it is plain data, with functions.
 */
export interface BidIds {
  readonly hashes: number[]
  /** As many as hashes. */
  readonly slots: number[]
  /** Made with the first. */
  slotsByHash: Map<number, number | number[]> | undefined
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
  return { hashes: [], slots: [], slotsByHash: undefined }
}

/** Slots in which a bid with this hash was accepted; nearly always none or one. */
export function slotsOf(ids: BidIds, hash: number): readonly number[] {
  const known = ids.slotsByHash?.get(hash)
  if (known === undefined) return []
  return Array.isArray(known) ? known : [known]
}

/** Takes what a head tells. False when chunks must be read first: from `firstMissingChunk` on. */
export function takeHead(ids: BidIds, told: HeadIds): boolean {
  if (ids.hashes.length < told.chunked) return false
  let ordinal = told.chunked
  for (const [slot, packed] of told.recent) {
    const bytes = Buffer.from(packed, 'base64')
    for (let at = 0; at < bytes.length; at += hashBytes, ordinal++) {
      if (ordinal >= ids.hashes.length) add(ids, bytes.readUIntBE(at, hashBytes), slot)
    }
  }
  return true
}

/** First chunk that holds an id not known yet. */
export function firstMissingChunk({ hashes }: BidIds): number {
  return Math.floor(hashes.length / idsPerChunk)
}

export function takeChunk(ids: BidIds, chunk: number, value: Uint8Array): void {
  assert(value.byteLength % entryBytes === 0, 'a chunk of ids is made of whole entries')
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  for (let at = 0; at < bytes.length; at += entryBytes) {
    const ordinal = chunk * idsPerChunk + at / entryBytes
    if (ordinal < ids.hashes.length) continue
    assert(ordinal === ids.hashes.length, 'chunks of ids have no gaps')
    add(ids, bytes.readUIntBE(at, hashBytes), bytes.readUInt32BE(at + hashBytes))
  }
}

export function encodeChunk({ hashes, slots }: BidIds, chunk: number): Uint8Array {
  const from = chunk * idsPerChunk
  const to = Math.min(hashes.length, from + idsPerChunk)
  const bytes = Buffer.allocUnsafe((to - from) * entryBytes)
  for (let ordinal = from; ordinal < to; ordinal++) {
    const at = (ordinal - from) * entryBytes
    bytes.writeUIntBE(must(hashes[ordinal], 'hash'), at, hashBytes)
    bytes.writeUInt32BE(must(slots[ordinal], 'slot'), at + hashBytes)
  }
  return bytes
}

/** How the head tells the ids from ordinal `chunked` on. */
export function toHead({ hashes, slots }: BidIds, chunked: number): HeadIds {
  return { count: hashes.length, chunked, recent: pack(hashes, slots, chunked) }
}

function add(ids: BidIds, hash: number, slot: number): void {
  ids.hashes.push(hash)
  ids.slots.push(slot)
  ids.slotsByHash ??= new Map()
  const known = ids.slotsByHash.get(hash)
  if (known === undefined) ids.slotsByHash.set(hash, slot)
  else ids.slotsByHash.set(hash, Array.isArray(known) ? [...known, slot] : [known, slot])
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
