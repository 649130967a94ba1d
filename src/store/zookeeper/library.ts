import { createRequire } from 'node:module'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { ACL, type Client, createClient } from 'node-zookeeper-client'
import { assert } from '../../lib/assert.ts'
import type { Login, StoreAccess, Tls } from '../access.ts'

/**
 * The inside of node-zookeeper-client 1.1.3 that this adapter leans on, all of it named here. The package is pinned to that
 * version; `createLibraryClient` asserts that what is named exists.
 */
export interface LibraryClient extends Client {
  readonly connectionManager: ConnectionManager
}

interface ConnectionManager {
  servers: { host: string; port: number }[]
  state: number
  /** The store's revision in the newest answer; eight bytes. */
  zxid: Buffer
  socket?: Socket
  readonly connectTimeoutHandler: NodeJS.Timeout | null
  readonly watcherManager: {
    readonly dataWatchers: Record<string, unknown>
    readonly existenceWatchers: Record<string, unknown>
    readonly childWatchers: Record<string, unknown>
  }
  connect: () => void
  findNextServer: (use: (server: { host: string; port: number }) => void) => void
  onSocketConnected: () => void
  onSocketData: (chunk: Buffer) => void
  onSocketDrain: () => void
  onSocketClosed: (hasError: boolean) => void
  onSocketTimeout: () => void
  setState(state: number): void
  queue(request: JuteRequest, answer: (error: Error | null) => void): void
  on(event: 'state', listener: (state: number) => void): void
}

interface JuteRequest {
  readonly header: { type: number }
  toBuffer: () => Buffer
}

interface Jute {
  readonly OP_CODES: Readonly<Record<'CREATE' | 'SET_WATCHES', number>>
  readonly Request: new (header: object, payload: object) => JuteRequest
  readonly protocol: Readonly<
    Record<'RequestHeader' | 'CreateRequest' | 'CheckVersionRequest', new () => object>
  >
}

export interface Server {
  readonly host: string
  readonly port: number
}

/** What moves a session to another connection. */
export interface Credentials {
  readonly sessionId: Buffer
  readonly password: Buffer
  /** The newest revision that the session has seen: a server that is behind it refuses us, so reads never run back. */
  readonly zxid: Buffer
}

/** The library's states of a connection. */
export const connectionStates = {
  connecting: 1,
  connected: 2,
  expired: -3,
  authenticationFailed: -4,
} as const

const load = createRequire(import.meta.url)
const jute = load('node-zookeeper-client/lib/jute') as Jute
const acls = ACL as unknown as Record<'OPEN_ACL_UNSAFE' | 'CREATOR_ALL_ACL', ACL[]>

/** Who may do anything with what we make: with a login whoever has it, else everybody. ZooKeeper takes no rights from above. */
export function aclOf(login: Login | undefined): ACL[] {
  return login === undefined ? acls.OPEN_ACL_UNSAFE : acls.CREATOR_ALL_ACL
}

/** A client for one connection to one server, not yet connected. */
export function createLibraryClient(options: {
  server: Server
  sessionTimeoutMs: number
  credentials: Credentials | undefined
  access?: StoreAccess
  /** TLS failed, for this reason; then the connection closes. */
  onTlsFailure: (error: Error) => void
}): LibraryClient {
  const { credentials } = options
  const { login, tls } = options.access ?? {}
  const client = createClient('unused:1', {
    sessionTimeout: options.sessionTimeoutMs,
    spinDelay: 1,
    retries: 0,
    ...(credentials && {
      sessionId: credentials.sessionId,
      sessionPassword: credentials.password,
    }),
  }) as LibraryClient
  const manager = client.connectionManager
  for (const name of ['connect', 'findNextServer', 'onSocketConnected', 'onSocketData'] as const) {
    assert(typeof manager[name] === 'function', `node-zookeeper-client has ${name}`)
  }
  // Not through the connection string, which knows no IPv6; and at once, where the library waits a moment.
  manager.servers = [options.server]
  manager.findNextServer = (use) => use(options.server)
  if (credentials !== undefined) manager.zxid = credentials.zxid
  // Goes out before any call of ours, on each connection: the server forgets it with the connection.
  if (login !== undefined)
    client.addAuthInfo('digest', Buffer.from(`${login.user}:${login.password}`))
  if (tls !== undefined)
    manager.connect = () => secureConnect(manager, options.server, tls, options.onTlsFailure)
  return client
}

/** In place of the library's own `connect`, which knows plain sockets only: the same events, by way of TLS. */
function secureConnect(
  manager: ConnectionManager,
  server: Server,
  tls: Tls,
  onFailure: (error: Error) => void,
): void {
  manager.setState(connectionStates.connecting)
  const raw = connectTcp(server)
  raw.setNoDelay()
  const named = isIP(server.host) === 0 ? { servername: server.host } : {}
  const socket = connectTls({ ...tls, ...named, socket: raw, host: server.host })
  // A reset must reach the wire: the TLS socket alone can only end in order.
  socket.resetAndDestroy = () => {
    raw.resetAndDestroy()
    return socket.destroy()
  }
  raw.on('error', (error) => socket.destroy(error))
  socket.on('secureConnect', () => manager.onSocketConnected())
  socket.on('data', (chunk: Buffer) => manager.onSocketData(chunk))
  socket.on('drain', () => manager.onSocketDrain())
  socket.on('close', (hasError: boolean) => manager.onSocketClosed(hasError))
  socket.on('error', onFailure)
  manager.socket = socket
}

/**
 * Operations that the servers know and the library does not. It is made to send the operation's own code and to read the
 * answer as that of one which it knows.
 */
function callRaw(
  client: LibraryClient,
  operation: { code: number; readAs: number; payload: object },
  answer: (error: Error | null) => void,
): void {
  const header = new jute.protocol.RequestHeader() as { type: number }
  const request = new jute.Request(header, operation.payload)
  header.type = operation.readAs
  const encode = request.toBuffer.bind(request)
  request.toBuffer = () => {
    header.type = operation.code
    const bytes = encode()
    header.type = operation.readAs
    return bytes
  }
  client.connectionManager.queue(request, answer)
}

const removeWatchesCode = 18
const createContainerCode = 19
const anyWatch = 3
const containerFlag = 4

/** Takes back all of our watches on a path: without it the server keeps them, and counts them, until they fire. */
export function removeWatches(
  client: LibraryClient,
  path: string,
  answer: (error: Error | null) => void,
): void {
  const { dataWatchers, existenceWatchers, childWatchers } = client.connectionManager.watcherManager
  for (const watchers of [dataWatchers, existenceWatchers, childWatchers]) {
    Reflect.deleteProperty(watchers, path)
  }
  // The same two fields as the request that ZooKeeper wants, a path and a number.
  const payload = Object.assign(new jute.protocol.CheckVersionRequest(), {
    path,
    version: anyWatch,
  })
  callRaw(client, { code: removeWatchesCode, readAs: jute.OP_CODES.SET_WATCHES, payload }, answer)
}

/** A znode that the servers remove by themselves, some time after its last child went. */
export function createContainer(
  client: LibraryClient,
  path: string,
  acl: readonly ACL[],
  answer: (error: Error | null) => void,
): void {
  const payload = Object.assign(new jute.protocol.CreateRequest(), {
    path,
    data: Buffer.alloc(0),
    acl: acl.map((entry) => (entry as unknown as { toRecord(): object }).toRecord()),
    flags: containerFlag,
  })
  callRaw(client, { code: createContainerCode, readAs: jute.OP_CODES.CREATE, payload }, answer)
}
