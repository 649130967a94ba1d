import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import { must } from '../../../src/lib/assert.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { Entropy } from '../../../src/lib/entropy.ts'
import { createAlerts, type Alerts } from './alerts.ts'
import { createLastBid, type LastBid } from './bid-way.ts'
import { createClusterTime, type ClusterTime } from './cluster-time.ts'
import { followConnection, type ConnectionView, type NetworkEvents } from './connection.ts'
import type { Device } from './device.ts'
import type { Frames } from './frames.ts'
import { createIdList, type IdList } from './id-list.ts'
import { createLiveLots, type LiveLots } from './live-lots.ts'
import { createLinkTime, type LinkTime } from './link-time.ts'
import type { KeptPreferences } from './preferences.ts'
import type { KeyValueStorage } from './stored-value.ts'
import { createVisitor, type Visitor } from './visitor.ts'

/** What the pages stand on: made once, handed down. */
export interface App {
  readonly client: Client
  readonly clock: Clock
  readonly entropy: Entropy
  readonly device: Device
  readonly frames: Frames
  readonly time: ClusterTime
  /** For countdowns: stands still while the link is silent. */
  readonly linkTime: ReadonlySignal<LinkTime>
  readonly connection: ReadonlySignal<ConnectionView>
  /** A node has confirmed that a feed goes on at this place. */
  readonly resumed: (seq: number) => void
  readonly alerts: Alerts
  readonly liveLots: LiveLots
  readonly lastBid: LastBid
  readonly visitor: Visitor
  readonly watchlist: IdList
  readonly preferences: KeptPreferences
  /** Auctions that were made in this browser. */
  readonly ownAuctions: IdList
}

export interface AppDeps {
  client: Client
  clock: Clock
  entropy: Entropy
  device: Device
  frames: Frames
  network: NetworkEvents
  /** That another node's page sent the visitor here with. */
  ticket: string | undefined
  /** Of this browser. */
  storage: KeyValueStorage
  preferences: KeptPreferences
}

export function createApp(deps: AppDeps): App {
  const { client, clock, entropy, device, frames, storage, preferences } = deps
  const time = createClusterTime({ clock, samples: client.clock })
  const connection = followConnection(client, deps.network)
  return {
    ...{ client, clock, entropy, device, frames, preferences, time },
    linkTime: createLinkTime(time.now, connection.view),
    connection: connection.view,
    resumed: (seq) => connection.resumed(seq),
    liveLots: createLiveLots(client, frames),
    lastBid: createLastBid(client),
    alerts: createAlerts({ preferences, device }),
    visitor: createVisitor({ client, clock, ticket: deps.ticket }),
    watchlist: createIdList(storage, 'lotkeeper.watching'),
    ownAuctions: createIdList(storage, 'lotkeeper.own-auctions'),
  }
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  return must(useContext(AppContext), 'app around this part')
}
