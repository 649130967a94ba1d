import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeedEncoder } from '../../src/engine/engine.ts'
import { createAddresses } from '../../src/gateway/addresses.ts'
import { createFeedEncoder } from '../../src/gateway/encode/feed.ts'
import type { GatewayDeps } from '../../src/gateway/gateway-deps.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { createOperator } from '../../src/gateway/operator.ts'
import { type SecurityLog, silentSecurityLog } from '../../src/gateway/security-log.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { type Log, silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { NewSessionJson } from '../../src/protocol/http.ts'
import { protocolLimits, type ProtocolLimits } from '../../src/protocol/limits.ts'
import { createFakeEngine, type FakeEngine } from './fake-engine.ts'
import { openSocket, type SocketOptions, type TestSocket } from './test-socket.ts'

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; undefined when there is none. */
  readonly json: unknown
  readonly text: string
}

export interface Asked {
  body?: unknown
  /** Sent as it is. */
  raw?: string
  token?: string
  headers?: Record<string, string>
}

/** A gateway before a fake engine, listening on a free port. */
export interface TestGateway {
  readonly gateway: Gateway
  readonly engine: FakeEngine
  readonly url: string
  readonly port: number
  /** Under which its own pages bring their session. */
  readonly cookieName: string
  isDraining: boolean
  /** What `/metrics` answers. */
  metricsText: GatewayDeps['metricsText']
  ask(method: string, path: string, asked?: Asked): Promise<Reply>
  /** A guest and the token. */
  guest(name: string): Promise<NewSessionJson>
  auction(token: string, over?: object): Promise<AuctionJson>
  socket(options?: SocketOptions): Promise<TestSocket>
  stop(): Promise<void>
}

export async function startTestGateway(
  over: {
    limits?: Partial<ProtocolLimits>
    clock?: Clock
    allowOrigins?: string[]
    allowHosts?: string[]
    behindTls?: true
    webApp?: true
    demoControl?: string
    advertised?: string
    trustedProxies?: string[]
    security?: SecurityLog
    log?: Log
    operatorToken?: string
    /** Whether strangers see what is the operator's; as a node on loopback by default. */
    isOpen?: boolean
    tls?: { cert: Buffer; key: Buffer }
    forwarding?: GatewayDeps['forwarding']
  } = {},
): Promise<TestGateway> {
  const clock = over.clock ?? systemClock
  const encoder: FeedEncoder = createFeedEncoder({
    now: () => engine.nowMs ?? 0,
    metrics: silentMetrics,
  })
  const engine = createFakeEngine(encoder)
  const webFolder = over.webApp === undefined ? undefined : await builtWebApp()
  const sockets: TestSocket[] = []
  let isDraining = false
  let metricsText: GatewayDeps['metricsText'] = async () => ({
    contentType: 'text/plain; version=0.0.4',
    body: 'up 1\n',
  })
  let url = ''
  const gateway = createGateway({
    engine,
    clock,
    log: over.log ?? silentLog,
    metrics: silentMetrics,
    metricsText: () => metricsText(),
    ...(webFolder !== undefined && { webFolder }),
    nodeId: 'n1',
    version: '1.2.3',
    clusterName: 'test',
    ownUrl: () => over.advertised ?? url,
    allowOrigins: over.allowOrigins ?? [],
    allowHosts: over.allowHosts ?? [],
    behindTls: over.behindTls ?? false,
    tls: over.tls,
    demoControl: over.demoControl,
    forwarding: over.forwarding,
    limits: { ...protocolLimits, ...over.limits },
    addresses: createAddresses(over.trustedProxies ?? []),
    security: over.security ?? silentSecurityLog,
    operator: createOperator(over.operatorToken, { isOpen: over.isOpen ?? true }),
    isDraining: () => isDraining,
  })
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${port}`

  const ask: TestGateway['ask'] = async (method, path, asked = {}) => {
    const { body, token, headers = {} } = asked
    const raw = asked.raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(raw !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(raw !== undefined && { body: raw }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const json = isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined
    return { status: response.status, headers: response.headers, json, text }
  }
  return {
    gateway,
    engine,
    url,
    port,
    cookieName: `lotkeeper_session_test-${port}`,
    get isDraining() {
      return isDraining
    },
    set isDraining(value) {
      isDraining = value
    },
    get metricsText() {
      return metricsText
    },
    set metricsText(text) {
      metricsText = text
    },
    ask,
    async guest(name) {
      return (await ask('POST', '/api/v1/session', { body: { name } })).json as NewSessionJson
    },
    async auction(token, more = {}) {
      const body = { title: 'A kettle', durationMs: 3_600_000, softClose: null, ...more }
      const { json, status, text } = await ask('POST', '/api/v1/auctions', { token, body })
      if (status !== 201) throw new Error(text)
      return json as AuctionJson
    },
    async socket(options) {
      const socket = await openSocket(`ws://127.0.0.1:${port}/ws`, options)
      sockets.push(socket)
      return socket
    },
    async stop() {
      for (const socket of sockets) socket.terminate()
      await gateway.close()
      if (webFolder !== undefined) await rm(webFolder, { recursive: true, force: true })
    },
  }
}

async function builtWebApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lotkeeper-web-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Lotkeeper</title>')
  await writeFile(join(folder, 'assets', 'app-1a2b3c.js'), 'export {}')
  await writeFile(join(folder, 'service-worker.js'), '')
  await writeFile(join(folder, 'offline.html'), '<!doctype html><title>Lotkeeper</title>')
  await writeFile(join(folder, '.secret'), 'not for everybody')
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  return folder
}
