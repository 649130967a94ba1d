import { asError } from '../../src/lib/clock.ts'
import type { BackendKind, ProvidedStore } from './backends.ts'

const images = {
  zookeeper: 'docker.io/library/zookeeper:3.8',
  etcd: 'quay.io/coreos/etcd:v3.5.17',
} as const
const clientPorts = { zookeeper: 2181, etcd: 2379 } as const

/** Undefined when a container engine answers. */
export async function whyNoContainers(): Promise<string | undefined> {
  try {
    const { getContainerRuntimeClient } = await import('testcontainers')
    await getContainerRuntimeClient()
    return undefined
  } catch (error) {
    return asError(error).message
  }
}

export async function startContainers(kind: BackendKind, size: 1 | 3): Promise<ProvidedStore> {
  const { GenericContainer, Network, Wait } = await import('testcontainers')
  const network = await new Network().start()
  const names = Array.from({ length: size }, (_, index) => `${kind}-${index + 1}`)
  const containers = await Promise.all(
    names.map((name, index) => {
      const container = new GenericContainer(images[kind])
        .withNetwork(network)
        .withNetworkAliases(name)
        .withExposedPorts(clientPorts[kind])
        .withEnvironment(environmentOf(kind, index + 1, names))
        .withWaitStrategy(Wait.forListeningPorts())
      return container.start()
    }),
  )
  return {
    kind,
    servers: containers.map(
      (container) => `${container.getHost()}:${container.getMappedPort(clientPorts[kind])}`,
    ),
    ensemble: undefined,
    async stop() {
      await Promise.all(containers.map((container) => container.stop()))
      await network.stop()
    },
  }
}

function environmentOf(
  kind: BackendKind,
  id: number,
  names: readonly string[],
): Record<string, string> {
  if (kind === 'zookeeper') {
    return {
      ZOO_MY_ID: String(id),
      ZOO_TICK_TIME: '500',
      ZOO_INIT_LIMIT: '20',
      ZOO_SYNC_LIMIT: '6',
      ZOO_MAX_CLIENT_CNXNS: '0',
      ZOO_ADMINSERVER_ENABLED: 'false',
      ZOO_CFG_EXTRA: 'minSessionTimeout=1000 maxSessionTimeout=120000',
      ZOO_SERVERS: names
        .map((name, index) => `server.${index + 1}=${name}:2888:3888;2181`)
        .join(' '),
    }
  }
  const name = `etcd-${id}`
  return {
    ETCD_NAME: name,
    ETCD_LISTEN_CLIENT_URLS: 'http://0.0.0.0:2379',
    ETCD_ADVERTISE_CLIENT_URLS: `http://${name}:2379`,
    ETCD_LISTEN_PEER_URLS: 'http://0.0.0.0:2380',
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://${name}:2380`,
    ETCD_INITIAL_CLUSTER: names.map((other) => `${other}=http://${other}:2380`).join(','),
    ETCD_INITIAL_CLUSTER_STATE: 'new',
  }
}
