import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { NodeLimits } from '../protocol/limits.ts'
import { OperatingError } from '../lib/errors.ts'
import type { Tls } from '../store/access.ts'
import type { StoreCredentials } from './store-access.ts'

/** What a node is told at its start. Flags and environment of `lotkeeper serve` end up here; tests fill it in themselves. */
export interface NodeConfig {
  /** 0 for any free port. */
  port: number
  host: string
  /** What other nodes and browsers reach it by; the bound URL when absent. */
  advertiseUrl?: string
  /** What other nodes forward bids to, where that is not the URL that is advertised. */
  linkUrl?: string
  /** For links to nodes whose link URL is https. */
  linkTls?: Tls
  /** `memory:`, `embedded:FOLDER`, `zookeeper[+tls]://host:port,…/root` or `etcd[+tls]://host:port,…/root`. */
  store: string
  storeCredentials?: StoreCredentials
  /** Letters, digits, `_ . -`; made from the host's name when absent. */
  nodeId?: string
  /** Silence of the store for a third of it suspends the node, for the whole of it ends its session. */
  sessionTimeoutMs: number
  /** A close is committed no earlier than this after the end in force. */
  closeGraceMs: number
  /** A lock holder that makes no progress for so long may be revoked. */
  lockPatienceMs: number
  /** Whether bids go to the node that holds the auction's lock, and are taken from others; off, each node waits for the lock. */
  forwardBids: boolean
  /** Further origins whose pages may call this node. */
  allowOrigins: readonly string[]
  /** Further names by which callers may name this node in `Host`. */
  allowHosts: readonly string[]
  /** Whether people reach it through a proxy that ends TLS. */
  behindTls: boolean
  /** In PEM: it serves https and wss itself. */
  tls?: { cert: Buffer; key: Buffer }
  /** Origin of the demo that this node is part of: its page may frame ours, which offer what it can do to nodes. */
  demoControl?: string
  /** Addresses or CIDR ranges of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[]
  /** What makes a caller the operator; without it nobody is. */
  operatorToken?: string
  /** A session that nobody uses ends after so many days. */
  sessionIdleDays: number
  /** How much the store may hold; without it what the store says, or etcd's own default. */
  storeBytesMax?: number
  /** In place of the protocol's own. */
  limits: Partial<NodeLimits>
  logLevel: LogLevel
}

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export const defaultNodeConfig: NodeConfig = {
  port: 8080,
  host: '127.0.0.1',
  store: 'embedded:./lotkeeper-data',
  sessionTimeoutMs: 6_000,
  closeGraceMs: 250,
  lockPatienceMs: 1_000,
  forwardBids: true,
  allowOrigins: [],
  allowHosts: [],
  behindTls: false,
  trustedProxies: [],
  sessionIdleDays: 30,
  limits: {},
  logLevel: 'info',
}

/** A value that cannot be meant; the message names it and says what is allowed. */
export class BadConfig extends OperatingError {
  constructor(message: string) {
    super('bad-config', message)
  }
}

const nodeIdPattern = /^[A-Za-z0-9_.-]{1,40}$/

export function checkNodeId(nodeId: string): string {
  if (nodeIdPattern.test(nodeId)) return nodeId
  throw new BadConfig(`node id ${JSON.stringify(nodeId)}: use 1 to 40 of letters, digits, _ . -`)
}

/** A node that was given no name: its host, and four digits so that two on one host differ. */
export function freshNodeId(): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9-]/g, '-')
    .slice(0, 30)
  return `${host}-${randomBytes(2).toString('hex')}`
}
