import {
  type ClusterClient,
  Etcd3,
  type IOptions,
  type KVClient,
  type LeaseClient,
  type MaintenanceClient,
  type WatchClient,
} from 'etcd3'

/** A client of one server. We choose the server ourselves: the library would send each call to another at random. */
export interface Link {
  readonly server: string
  readonly kv: KVClient
  readonly lease: LeaseClient
  readonly watch: WatchClient
  /** For looking only. */
  readonly maintenance: MaintenanceClient
  readonly cluster: ClusterClient
  /** Opens no more; calls under way still get their answers, until their deadlines. */
  close(): void
}

type FaultHandling = Required<NonNullable<IOptions['faultHandling']>>

const never = new AbortController().signal
const noEvent = () => ({ dispose: () => undefined })

// Every call once: a repeated write is for those who can tell whether the first one landed. No circuit breaker either; a
// link that fails is replaced as a whole.
const once = {
  execute: async (run: (context: { signal: AbortSignal }) => unknown) => run({ signal: never }),
  onSuccess: noEvent,
  onFailure: noEvent,
} as unknown as FaultHandling['global']

let serial = 0

/** `server` is `host:port`. Nothing is connected before the first call. */
export function openLink(server: string): Link {
  const client = new Etcd3({
    hosts: [server],
    faultHandling: { global: once, host: () => once },
    grpcOptions: {
      // Below 5 s etcd drops the connection for "too many pings". Our own beat notices silence much sooner.
      'grpc.keepalive_time_ms': 6_000,
      'grpc.keepalive_timeout_ms': 2_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.enable_retries': 0,
      'grpc.enable_http_proxy': 0,
      'grpc.service_config_disable_resolution': 1,
      // Only calls that come before a broken link is replaced connect again.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
      // Channels with the same options share connections; a new link must not inherit the one that was given up.
      'grpc.primary_user_agent': `lotkeeper-link/${++serial}`,
    },
  })
  return {
    server,
    kv: client.kv,
    lease: client.leaseClient,
    watch: client.watchClient,
    maintenance: client.maintenance,
    cluster: client.cluster,
    close: () => client.close(),
  }
}
