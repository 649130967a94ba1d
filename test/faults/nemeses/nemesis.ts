import type { BackendKind } from '../../support/backends.ts'
import type { Run } from '../run.ts'
import type { CountName } from '../tally.ts'

export type NetworkOf = 'nodes' | 'store'

/** One kind of fault: how it is brought about, how long it lasts, how it is healed. */
export interface Nemesis {
  /** What it works on: of two at a time, no two may work on the store's servers, and none beside one on every node. */
  readonly touches: 'node' | 'every-node' | 'store' | 'client'
  /** The only stores that have it. */
  readonly store?: BackendKind
  /** Who has to live in network namespaces for it. */
  readonly network?: NetworkOf
  /** Whether the store's data has to be on disks of its own for it. */
  readonly disks?: true
  /** What a run with it must have seen. */
  readonly mustSee?: readonly CountName[]
  /** Why it cannot be had on this machine; undefined when it can. */
  missing?(): string | undefined
  /** Hurts, waits and heals, notes each in the history. Whatever goes wrong, it leaves nothing broken. */
  strike(run: Run): Promise<void>
}
