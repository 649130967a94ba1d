import type { Engine } from '../engine/engine.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { ProtocolLimits } from '../protocol/limits.ts'
import type { Addresses } from './addresses.ts'
import type { TakesForwarded } from './nodes/inbound-link.ts'
import type { Operator } from './operator.ts'
import type { SecurityLog } from './security-log.ts'

export interface GatewayDeps {
  engine: Engine
  clock: Clock
  log: Log
  metrics: Metrics
  /** What `/metrics` answers. */
  metricsText: () => Promise<{ contentType: string; body: string }>
  /** The built web app (index.html and assets/). Absent: only the API is served. */
  webFolder?: string
  nodeId: string
  version: string
  /** Of the cluster, as its cookies carry it: letters, digits, `-` and `_`. */
  clusterName: string
  /** As advertised; known only once we listen. */
  ownUrl: () => string
  /** Of this node, as other nodes call it where that is another. */
  linkUrl?: string | undefined
  /** Further origins whose pages may call this node, such as that of a proxy before the cluster. */
  allowOrigins: readonly string[]
  /** Further names that `Host` may have; see `Hosts`. */
  allowHosts: readonly string[]
  /** In PEM. Present: https and wss are served, and nothing else. */
  tls?: { cert: Buffer; key: Buffer } | undefined
  /** People reach this node through a proxy that ends TLS. */
  behindTls: boolean
  /** Of the demo that this node is part of, if it is. */
  demoControl?: string | undefined
  limits: ProtocolLimits
  addresses: Addresses
  security: SecurityLog
  operator: Operator
  /** Who decides bids that other nodes forward, and our session with the store now. Absent: there is no `/nodes`. */
  forwarding?: { bidding: TakesForwarded; ownSessionId: () => string } | undefined
  /** While true, readiness is off and bids are refused with `draining`. */
  isDraining: () => boolean
}
