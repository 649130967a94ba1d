import type { AuctionEvent } from '../auction/events.ts'
import type { Auction } from '../auction/state.ts'

/** Schema of head and slots. A newer one makes the auction read-only here; it is never rewritten. */
export const schemaVersion = 1

/** What one commit added to an auction's journal: slot 1 is its creation. */
export interface Batch {
  /** Made by the writer, unique for ever: tells "ours landed" from "another's". */
  readonly batchId: string
  readonly slot: number
  /** Seq of the first event. */
  readonly firstSeq: number
  /** The end in force before the batch (0 for the first). */
  readonly endsAtBefore: number
  readonly events: readonly AuctionEvent[]
}

export interface Head {
  readonly schema: number
  /** Which history this is: drawn at creation, changed by a restore. */
  readonly epoch: string
  readonly slot: number
  readonly seq: number
  readonly state: Auction
  readonly batch: Batch
  readonly ids: HeadIds
}

/** Where the hashes of accepted bid ids are: the first `chunked` of `count` in chunks, the rest here. */
export interface HeadIds {
  readonly count: number
  readonly chunked: number
  /** Pairs of slot and base64 of its hashes (6 bytes each), oldest first. */
  readonly recent: readonly (readonly [number, string])[]
}

export interface Lot {
  readonly title: string
  readonly description: string
}
