import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Down } from '../../src/protocol/down.ts'
import type { Up } from '../../src/protocol/up.ts'

export interface StubAnswer {
  status?: number
  body?: object
  headers?: Record<string, string>
}
export interface StubRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
}

/** A node that does what the test says, on real sockets. It greets and tells the time by itself unless it is mute. */
export interface StubNode {
  readonly nodeId: string
  readonly url: string
  /** Everything that came over sockets, but questions of the time. */
  readonly frames: Up[]
  readonly requests: StubRequest[]
  readonly socketCount: number
  onFrame: (frame: Up, say: (frame: Down) => void) => void
  /** Undefined: no answer at all, the connection is cut. `never`: held open without an answer. */
  onRequest: (request: StubRequest) => StubAnswer | undefined | 'never'
  /** To every open socket. */
  say(frame: Down): void
  closeSockets(code: number): void
  /** Says nothing more, but the kernel still accepts: a frozen process. */
  isMute: boolean
  /** Does not greet again after a hello. */
  isSlowToIdentify: boolean
  /** Cuts everything and frees the port. */
  kill(): Promise<void>
}

export const clusterNow = Date.UTC(2030, 0, 1)
const user = { id: 'p-ann', name: 'Ann' }

export async function startStubNode(nodeId: string): Promise<StubNode> {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  const raw = new Set<Socket>()
  server.on('connection', (socket) => {
    raw.add(socket)
    socket.on('close', () => raw.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node: StubNode = {
    nodeId,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames: [],
    requests: [],
    get socketCount() {
      return sockets.clients.size
    },
    onFrame: () => undefined,
    onRequest: () => ({ status: 404, body: { code: 'no-such-route' } }),
    say(frame) {
      for (const socket of sockets.clients) socket.send(JSON.stringify(frame))
    },
    closeSockets(code) {
      for (const socket of sockets.clients) socket.close(code)
    },
    isMute: false,
    isSlowToIdentify: false,
    async kill() {
      for (const socket of raw) socket.destroy()
      sockets.close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  serveHttp(server, node)
  server.on('upgrade', (request, socket, head) => {
    if (node.isMute) return
    sockets.handleUpgrade(request, socket, head, (opened) => serveSocket(opened, node))
  })
  return node
}

function serveSocket(socket: WebSocket, node: StubNode): void {
  const say = (frame: Down) => {
    if (!node.isMute) socket.send(JSON.stringify(frame))
  }
  const welcome = (isSignedIn: boolean) =>
    say({
      type: 'welcome',
      nodeId: node.nodeId,
      protocol: 1,
      serverTime: new Date(clusterNow).toISOString(),
      ...(isSignedIn ? { user } : {}),
    })
  socket.on('message', (text: Buffer) => {
    if (node.isMute) return
    const frame = JSON.parse(text.toString()) as Up
    if (frame.type === 'time') {
      say({ type: 'time', t0: frame.t0, t1: clusterNow, t2: clusterNow })
      return
    }
    node.frames.push(frame)
    if (frame.type === 'hello') {
      if (!node.isSlowToIdentify) welcome(frame.token !== undefined)
      return
    }
    node.onFrame(frame, say)
  })
  welcome(false)
}

function serveHttp(server: Server, node: StubNode): void {
  server.on('request', (request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      if (node.isMute) return
      const { method = '', url = '', headers } = request
      const path = url.replace('/api/v1', '')
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
      node.requests.push({ method, path, headers, body })
      const answer = node.onRequest({ method, path, headers, body })
      if (answer === 'never') return
      if (answer === undefined) {
        request.socket.destroy()
        return
      }
      const { status = 200 } = answer
      response.writeHead(status, { 'x-lotkeeper-node': node.nodeId, ...answer.headers })
      response.end(JSON.stringify(answer.body ?? {}))
    })
  })
}
