import type { StoreKind } from '../store/store.ts'
import { BadConfig } from './config.ts'

export type StoreAddress =
  | { kind: Extract<StoreKind, 'memory'> }
  | { kind: Extract<StoreKind, 'embedded'>; folder: string }
  | ServersAddress

export interface ServersAddress {
  kind: Extract<StoreKind, 'zookeeper' | 'etcd'>
  /** By TLS, as `zookeeper+tls://` and `etcd+tls://` ask for. */
  isSecure: boolean
  servers: string[]
  root: string
}

const defaultPorts = { zookeeper: 2181, etcd: 2379 } as const
const forms =
  'memory:, embedded:FOLDER, zookeeper://HOST:PORT[,HOST:PORT…]/ROOT or etcd://HOST:PORT[,HOST:PORT…]/ROOT, ' +
  'or by TLS zookeeper+tls:// or etcd+tls://'

/** Parses the URL of a store. @throws BadConfig, which names what is wrong and the forms there are */
export function parseStoreAddress(url: string): StoreAddress {
  if (url === 'memory:') return { kind: 'memory' }
  if (url.startsWith('embedded:')) {
    const folder = url.slice('embedded:'.length)
    if (folder === '')
      throw new BadConfig('store embedded: needs a folder, as in embedded:./lotkeeper-data')
    return { kind: 'embedded', folder }
  }
  if (url.includes('@')) {
    throw new BadConfig(
      `store ${shownStoreUrl(url)}: user and password have no place in it, where ps and logs show them. ` +
        'Use --store-user NAME and --store-password-file FILE, or LOTKEEPER_STORE_PASSWORD.',
    )
  }
  const match = /^(zookeeper|etcd)(\+tls)?:\/\/([^/]+)(?:\/([A-Za-z0-9_-]{1,40}))?\/?$/.exec(url)
  if (match === null)
    throw new BadConfig(`store ${JSON.stringify(shownStoreUrl(url))}: use ${forms}`)
  const kind = match[1] === 'etcd' ? 'etcd' : 'zookeeper'
  const servers = (match[3] ?? '').split(',').map((server) => withPort(server, defaultPorts[kind]))
  return { kind, isSecure: match[2] !== undefined, servers, root: match[4] ?? 'lotkeeper' }
}

/** A store's URL as it may be printed: without what could be a password. */
export function shownStoreUrl(url: string): string {
  const shown = url.replace(/^([a-z+]*:(?:\/\/)?)?.*@/is, '$1…@')
  return shown.replace(/[?#].*$/s, '?…')
}

function withPort(server: string, defaultPort: number): string {
  const match = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::(\d{1,5}))?$/.exec(server)
  const port = Number(match?.[2] ?? defaultPort)
  if (match === null || port < 1 || port > 65_535) {
    throw new BadConfig(
      `store server ${JSON.stringify(server)}: use HOST:PORT with a port from 1 to 65535`,
    )
  }
  return `${match[1] ?? ''}:${port}`
}
