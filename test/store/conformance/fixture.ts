import type { Store } from '../../../src/store/store.ts'

/** A running store, and hands to hurt its clients with. */
export interface StoreFixture {
  /** One more client of the same data, as another process would be. `permanentRoots` holds `perm`. */
  open(options?: { sessionTimeoutMs?: number }): Promise<Store>
  /** Ends the session in force from outside. */
  readonly expire?: (store: Store) => Promise<void> | void
  /** The client's link goes black: connections stay, nothing passes, either way. */
  readonly silence?: (store: Store) => Promise<void> | void
  readonly heal?: (store: Store) => Promise<void> | void
  /** The next commit reaches the store and is carried out; its answer never comes. */
  readonly dropNextReply?: (store: Store) => Promise<void> | void
  close(): Promise<void>
}

export type Ability = 'many clients' | 'expire' | 'silence' | 'drop reply'

/** What a backend declares: each thing it lacks, with the reason that the skipped tests are named by. */
export interface StoreManifest {
  /** For the tests that expire or silence sessions; some wait about twice this. Others take a long one. */
  readonly sessionTimeoutMs: number
  readonly lacks: Partial<Record<Ability, string>>
}
