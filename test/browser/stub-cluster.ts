import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { WebSocketServer } from 'ws'
import { pagePolicy } from '../../src/gateway/http/security-headers.ts'
import type { Person } from '../../src/auction/person.ts'
import type { ClusterJson, LockTurnJson } from '../../src/protocol/http.ts'
import { answerStubApi } from './stub-api.ts'
import { createStubLots, type StubLots } from './stub-lots.ts'
import { serveStubSocket, type StubSocketFate } from './stub-socket.ts'

/** Nodes without an engine, sharing auctions in memory: they misbehave on demand, so that the pages' words can be seen. */
export interface StubCluster {
  readonly lots: StubLots
  readonly nodes: readonly StubNode[]
  readonly guests: Map<string, Person>
  /** What sockets do, also those opened later. */
  readonly fate: StubSocketFate
  /** Auctions that pages follow just now. */
  watchedCount(): number
  pause(reason: string): void
  resume(): void
  close(): Promise<void>
}

export interface StubNode {
  readonly nodeId: string
  readonly url: string
  /** Closes its port and drops its sockets. */
  stop(): Promise<void>
}

/** Told by the second node. */
const turns: LockTurnJson[] = [
  {
    at: '2026-11-25T12:00:00.000Z',
    kind: 'revoked',
    auctionId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    from: 'n1',
    count: 1,
  },
]

export async function startStubCluster(options: {
  webFolder: string
  nodeCount?: number
}): Promise<StubCluster> {
  const lots = createStubLots()
  const guests = new Map<string, Person>()
  const fate: StubSocketFate = { watchedCount: 0 }
  const nodes: RunningNode[] = []
  const cluster = (nodeId: string): ClusterJson => ({
    node: nodeId,
    leader: { nodeId: 'n1', term: 7 },
    members: nodes.map((node, index) => ({
      nodeId: node.nodeId,
      url: node.url,
      pid: 4711 + index,
      version: '0.1.0',
      ready: true,
      clockOffsetMs: index * 1.25,
    })),
    store: {
      kind: 'zookeeper',
      state: 'serving',
      servers: ['zk1:2181'],
      watchCount: 12,
      ephemeralCount: 4,
      ensemble: [
        { server: 'zk1:2181', state: 'serving', role: 'follower', version: '3.8.0', isOurs: true },
        { server: 'zk2:2181', state: 'serving', role: 'leader', version: '3.8.0', isOurs: false },
        { server: 'zk3:2181', state: 'silent', role: null, version: null, isOurs: false },
      ],
    },
    locks: lots
      .all()
      .slice(0, 1)
      .map(({ id }) => ({ auctionId: id, nodeId: 'n1', waiters: ['n2'] })),
  })
  for (let index = 1; index <= (options.nodeCount ?? 1); index++) {
    const nodeId = `n${index}`
    const lockTurns = () => ({ node: nodeId, turns: index === 1 ? [] : turns })
    const api = { nodeId, lots, guests, lockTurns, cluster: () => cluster(nodeId) }
    nodes.push(
      await startNode(nodeId, options.webFolder, {
        fate,
        api,
        origins: () => nodes.flatMap(({ url }) => [url, url.replace('http', 'ws')]),
      }),
    )
  }
  const tellAll = (frame: object) => nodes.forEach((node) => node.tell(frame))
  return {
    lots,
    nodes,
    guests,
    fate,
    watchedCount: () => fate.watchedCount,
    pause(reason) {
      fate.paused = reason
      tellAll({ type: 'paused', reason })
    },
    resume() {
      fate.paused = undefined
      tellAll({ type: 'resumed' })
    },
    async close() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

interface RunningNode extends StubNode {
  tell(frame: object): void
}

async function startNode(
  nodeId: string,
  webFolder: string,
  deps: {
    api: Parameters<typeof answerStubApi>[0]
    fate: StubSocketFate
    origins: () => string[]
  },
): Promise<RunningNode> {
  const server = createServer((req, res) => {
    const isApi = req.url?.startsWith('/api/') === true
    if (req.method === 'OPTIONS') allowAll(res)
    else if (isApi) void answerStubApi(deps.api, req, res)
    else void serveFile(webFolder, req.url ?? '/', res, deps.origins())
  })
  const sockets = new WebSocketServer({ server, path: '/ws' })
  sockets.on('connection', (socket) => serveStubSocket(socket, deps.api, deps.fate))
  const port = await listen(server)
  return {
    nodeId,
    url: `http://127.0.0.1:${port}`,
    tell: (frame) => sockets.clients.forEach((socket) => socket.send(JSON.stringify(frame))),
    async stop() {
      sockets.clients.forEach((socket) => socket.terminate())
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function allowAll(res: ServerResponse): void {
  res.writeHead(204, {
    'access-control-allow-origin': '*',
    'access-control-allow-headers': '*, authorization',
    'access-control-allow-methods': '*',
  })
  res.end()
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

async function serveFile(
  webFolder: string,
  url: string,
  res: ServerResponse,
  origins: string[],
): Promise<void> {
  const { pathname } = new URL(url, 'http://stub')
  const name = extname(pathname) === '' ? 'index.html' : pathname
  try {
    const content = await readFile(join(webFolder, name))
    res.writeHead(200, {
      'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': pagePolicy(origins),
    })
    res.end(content)
  } catch {
    res.writeHead(404)
    res.end()
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}
