import type { StoreAccess } from '../store/access.ts'
import { BadConfig } from './config.ts'
import type { StoreAddress } from './store-address.ts'

/** What a node is given to be let in by its store: contents of PEM files, a name, a password. */
export interface StoreCredentials {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly user?: string
  readonly password?: string
}

/** @throws BadConfig when they do not fit together, or not the store; never with the password in its message */
export function accessOf(address: StoreAddress, given: StoreCredentials = {}): StoreAccess {
  const { ca, cert, key, user, password } = given
  const isTlsGiven = ca !== undefined || cert !== undefined || key !== undefined
  if (address.kind === 'memory' || address.kind === 'embedded') {
    if (!isTlsGiven && user === undefined && password === undefined) return {}
    throw new BadConfig(
      `a store ${address.kind}: has no servers: leave out --store-user and the like`,
    )
  }
  if (isTlsGiven && !address.isSecure) {
    const url = `--store ${address.kind}+tls://…`
    throw new BadConfig(`--store-ca, --store-cert and --store-key need TLS: use ${url}`)
  }
  if ((cert === undefined) !== (key === undefined))
    throw new BadConfig('--store-cert and --store-key go together: give both')
  if ((user === undefined) !== (password === undefined)) {
    const how = '--store-password-file or LOTKEEPER_STORE_PASSWORD'
    throw new BadConfig(`--store-user and its password (${how}) go together: give both`)
  }
  if (address.kind === 'zookeeper' && user?.includes(':') === true)
    throw new BadConfig('--store-user: a name for ZooKeeper has no colon')
  return {
    ...(address.isSecure && {
      tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    }),
    ...(user !== undefined && password !== undefined && { login: { user, password } }),
  }
}

/** Whether a server, as `HOST:PORT`, is on this machine, where the network carries nothing. */
export function isOnLoopback(server: string): boolean {
  const host = server
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** What is wrong with the way to this store, as far as its address tells; undefined where all is well. */
export function exposureOf(address: StoreAddress, access: StoreAccess): string | undefined {
  if (address.kind === 'memory' || address.kind === 'embedded') return undefined
  const far = address.servers.filter((server) => !isOnLoopback(server))
  if (far.length === 0) return undefined
  const where = far.join(', ')
  const isProven = access.login !== undefined || access.tls?.cert !== undefined
  if (!isProven)
    return `${where}: this node shows no credentials, so whoever reaches the store may write bids`
  if (access.tls === undefined)
    return `${where}: reached without TLS, so whoever reads the network has the store's password: use ${address.kind}+tls://`
  return undefined
}
