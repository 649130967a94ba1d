import {
  type ClusterClient,
  Etcd3,
  type IOptions,
  type KVClient,
  type LeaseClient,
  type MaintenanceClient,
  type WatchClient,
} from 'etcd3'
import { assert } from '../../lib/assert.ts'
import type { Login, Tls } from '../access.ts'
import type { EtcdDoor } from './door.ts'

/** A client of one server. We choose the server ourselves: the library would send each call to another at random. */
export interface Link {
  readonly server: string
  readonly kv: KVClient
  readonly lease: LeaseClient
  readonly watch: WatchClient
  /** For looking only. */
  readonly maintenance: MaintenanceClient
  readonly cluster: ClusterClient
  /** The next call, or stream, logs in anew: streams do not tell that their token was refused. */
  forgetToken(): void
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

/** What etcd3 1.1.2 asks before each call and stream. Its own asks without a deadline, and anew for each link. */
interface Authenticator {
  getMetadata(): Promise<{ set(name: string, value: string): void }>
  invalidateMetadata(): void
}

/** `server` is `host:port`. Nothing is connected before the first call. */
export function openLink(server: string, door?: EtcdDoor): Link {
  const client = openClient(server, door?.tls)
  if (door?.token !== undefined) {
    const { pool } = client as unknown as { pool: { authenticator: Authenticator } }
    const { authenticator: bare } = pool
    assert(typeof bare.getMetadata === 'function', 'etcd3 has an authenticator')
    const { token } = door
    pool.authenticator = {
      async getMetadata() {
        const metadata = await bare.getMetadata()
        metadata.set(
          'token',
          await token((login, how) => authenticate(server, door.tls, login, how)),
        )
        return metadata
      },
      invalidateMetadata: () => door.forget(),
    }
  }
  return {
    server,
    kv: client.kv,
    lease: client.leaseClient,
    watch: client.watchClient,
    maintenance: client.maintenance,
    cluster: client.cluster,
    forgetToken: () => door?.forget(),
    close: () => client.close(),
  }
}

/** By a client of its own: one with a login would ask for a token before it asks for a token. */
async function authenticate(
  server: string,
  tls: Tls | undefined,
  { user, password }: Login,
  options: { deadline: number },
): Promise<string> {
  const client = openClient(server, tls)
  try {
    return (await client.auth.authenticate({ name: user, password }, options)).token
  } finally {
    client.close()
  }
}

function openClient(server: string, tls: Tls | undefined): Etcd3 {
  return new Etcd3({
    hosts: [tls === undefined ? server : `https://${server}`],
    ...(tls !== undefined && {
      // Without an authority of our own grpc takes those of the system.
      credentials: {
        rootCertificate: tls.ca as Buffer,
        ...(tls.key && { privateKey: tls.key }),
        ...(tls.cert && { certChain: tls.cert }),
      },
    }),
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
}
