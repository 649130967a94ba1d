import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from '../lib/metrics.ts'

interface Definition {
  kind: 'counter' | 'gauge' | 'histogram'
  help: string
  labels?: readonly string[]
  buckets?: number[]
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Every metric that this program tells, without its `lotkeeper_` prefix. */
const definitions: Readonly<Record<string, Definition>> = {
  bids_total: { kind: 'counter', help: 'Bids by outcome', labels: ['outcome', 'code'] },
  bid_seconds: {
    kind: 'histogram',
    help: 'Time of a bid by stage',
    labels: ['stage'],
    buckets: seconds,
  },
  batch_size: {
    kind: 'histogram',
    help: 'Bids accepted by one commit',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  lock_handovers_total: { kind: 'counter', help: 'Locks taken over from another node' },
  lock_revocations_total: { kind: 'counter', help: 'Locks taken from a holder without progress' },
  lock_yields_total: { kind: 'counter', help: 'Locks released because another node waited' },
  forwarded_bids_total: {
    kind: 'counter',
    help: 'Bids forwarded to the holder of a lock, by what became of that',
    labels: ['outcome'],
  },
  locks_held: { kind: 'gauge', help: 'Auction locks held by this node' },
  leader: { kind: 'gauge', help: '1 while this node leads' },
  close_lateness_seconds: {
    kind: 'histogram',
    help: 'Close commit after endsAt plus grace',
    buckets: seconds,
  },
  node_links: {
    kind: 'gauge',
    help: 'Open links to other nodes and from them',
    labels: ['direction'],
  },
  connections: { kind: 'gauge', help: 'Open TCP connections of callers, of all kinds' },
  connections_refused_total: {
    kind: 'counter',
    help: 'Connections not let in: too many of the address, or of the node',
    labels: ['why'],
  },
  connections_cut_total: {
    kind: 'counter',
    help: 'Connections cut off by this node',
    labels: ['why'],
  },
  ws_connections: { kind: 'gauge', help: 'Open WebSocket connections' },
  feed_rooms: { kind: 'gauge', help: 'Auctions with viewers on this node' },
  feed_delay_seconds: {
    kind: 'histogram',
    help: 'From the stamp of an event to its frame',
    buckets: seconds,
  },
  store_state: {
    kind: 'gauge',
    help: '1 for the state the store session is in',
    labels: ['state'],
  },
  clock_offset_seconds: { kind: 'gauge', help: 'Cluster time minus wall clock' },
  extensions_total: { kind: 'counter', help: 'Ends moved', labels: ['reason'] },
  store_watches_polled: { kind: 'gauge', help: 'Watches beyond the budget, which poll' },
  store_keys: { kind: 'gauge', help: 'Keys in the store; NaN when it is not known' },
  store_bytes: { kind: 'gauge', help: 'Bytes in the store, by its own measure; NaN likewise' },
  store_bytes_max: { kind: 'gauge', help: 'Bytes that the store may hold; NaN likewise' },
  store_sync_seconds: { kind: 'histogram', help: 'Sync of the embedded store', buckets: seconds },
  store_group_commits: {
    kind: 'counter',
    help: 'Commits of the embedded store, which share syncs',
  },
  watches: { kind: 'gauge', help: 'Watches held at the store' },
  swept_total: {
    kind: 'counter',
    help: 'Keys cleared away while this node led, by kind',
    labels: ['kind'],
  },
  ephemerals: { kind: 'gauge', help: 'Ephemeral keys held at the store' },
}

export interface PrometheusMetrics extends Metrics {
  text(): Promise<{ contentType: string; body: string }>
}

/** A registry of its own for each node, so that several may live in one process. Names that are not defined are dropped. */
export function createPrometheusMetrics(beforeText: (metrics: Metrics) => void): PrometheusMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'lotkeeper_' })
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, { kind, help, labels = [], buckets }] of Object.entries(definitions)) {
    const common = {
      name: `lotkeeper_${name}`,
      help,
      labelNames: [...labels],
      registers: [registry],
    }
    if (kind === 'counter') counters.set(name, new Counter(common))
    else if (kind === 'gauge') gauges.set(name, new Gauge(common))
    else
      histograms.set(name, new Histogram(buckets === undefined ? common : { ...common, buckets }))
  }
  const metrics: PrometheusMetrics = {
    count: (name, labels = {}, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, value, labels = {}) => histograms.get(name)?.observe(labels, value),
    gauge: (name, value, labels = {}) => gauges.get(name)?.set(labels, value),
    async text() {
      beforeText(metrics)
      return { contentType: registry.contentType, body: await registry.metrics() }
    },
  }
  return metrics
}
