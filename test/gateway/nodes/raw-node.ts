import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { NodeAddress } from '../../../src/engine/forwarding.ts'

/** A node that says what the test says, and keeps what it hears. */
export interface RawNode {
  address(sessionId?: string): NodeAddress
  readonly frames: string[]
  /** Calls, answered or not. */
  callCount: number
  readonly headers: Record<string, unknown>[]
  /** refusing: 401. frozen: no answer to the handshake. */
  mood: 'open' | 'refusing' | 'frozen'
  readonly openCount: number
  send(frame: string | Buffer): void
  cut(): void
  /** Says goodbye to all. */
  close(code: number): void
  /** Reads nothing from now on. */
  pause(): void
  stop(): Promise<void>
}

export async function startRawNode(): Promise<RawNode> {
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 })
  const server = createServer()
  const open = new Set<WebSocket>()
  const connections = new Set<Socket>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    node.callCount++
    node.headers.push(request.headers)
    socket.on('error', () => undefined)
    if (node.mood === 'refusing') socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    if (node.mood !== 'open') return
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      open.add(webSocket)
      webSocket.on('message', (bytes: Buffer) => node.frames.push(bytes.toString()))
      webSocket.on('error', () => undefined)
      webSocket.on('close', () => open.delete(webSocket))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const each = (act: (webSocket: WebSocket) => void) => open.forEach(act)
  const node: RawNode = {
    address: (sessionId = 's1') => ({
      ...{ nodeId: 'raw', sessionId },
      url: `http://127.0.0.1:${port}`,
    }),
    ...{ frames: [], callCount: 0, headers: [], mood: 'open' },
    get openCount() {
      return open.size
    },
    send: (frame) => each((webSocket) => webSocket.send(frame)),
    cut: () => each((webSocket) => webSocket.terminate()),
    close: (code) => each((webSocket) => webSocket.close(code)),
    pause: () => each((webSocket) => webSocket.pause()),
    async stop() {
      for (const socket of connections) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return node
}
