import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import { must } from '../../../src/lib/assert.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { Entropy } from '../../../src/lib/entropy.ts'
import { createClusterTime, type ClusterTime } from './cluster-time.ts'
import { followConnection, type ConnectionView } from './connection.ts'
import { createIdList, type IdList } from './id-list.ts'
import type { KeptPreferences } from './preferences.ts'
import type { KeyValueStorage } from './stored-value.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** What the pages stand on: made once, handed down. */
export interface App {
  readonly client: Client
  readonly clock: Clock
  readonly entropy: Entropy
  readonly time: ClusterTime
  readonly connection: ReadonlySignal<ConnectionView>
  readonly visitor: Visitor
  readonly watchlist: IdList
  readonly preferences: KeptPreferences
  /** Auctions that were made in this browser. */
  readonly ownAuctions: IdList
}

export function createApp(deps: {
  client: Client
  clock: Clock
  entropy: Entropy
  /** Of this tab: holds the token. */
  tabStorage: KeyValueStorage
  /** Of this browser. */
  storage: KeyValueStorage
  preferences: KeptPreferences
}): App {
  const { client, clock, entropy, tabStorage, storage, preferences } = deps
  return {
    client,
    clock,
    entropy,
    preferences,
    time: createClusterTime({ clock, samples: client.clock }),
    connection: followConnection(client),
    visitor: createVisitor({ client, storage: tabStorage }),
    watchlist: createIdList(storage, 'lotkeeper.watching'),
    ownAuctions: createIdList(storage, 'lotkeeper.own-auctions'),
  }
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  return must(useContext(AppContext), 'app around this part')
}
