import type { AddressInfo } from 'node:net'
import { type Memory, ownMemory } from '../memory.ts'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

interface Frame {
  readonly type: string
  readonly bidId?: string
  readonly auctionId?: string
  readonly amount?: string
}

/**
 * A bare loop over `ws`: each bid that comes is sent to every watching socket, as the very bytes that a node would send but for
 * the bid's id. It knows nothing of auctions, order, positions or slow readers.
 */
export async function openBareSockets(options: {
  /** A frame that a node sent, and the id to replace in it. */
  frame: { readonly text: string; readonly bidId: string } | undefined
}) {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    handleProtocols: (offered) => [...offered][0] ?? false,
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const watching = new Set<WebSocket>()
  let seq = 0
  const tellAll = (bidId: string) => {
    const { text, bidId: old } = options.frame ?? { text: '', bidId: 'none' }
    const bytes = Buffer.from(text.replaceAll(old, bidId))
    for (const socket of watching) socket.send(bytes, { binary: false })
  }
  const take = (socket: WebSocket, frame: Frame) => {
    const { type, auctionId, bidId = '', amount } = frame
    if (type === 'subscribe') {
      watching.add(socket)
      socket.send(JSON.stringify({ type: 'snapshot', auctionId, recent: [] }))
    } else if (type === 'hello') {
      socket.send(JSON.stringify({ type: 'welcome', user: { id: 'u', name: 'U' } }))
    } else if (type === 'bid') {
      const told = { type: 'outcome', auctionId, bidId, outcome: 'accepted', seq: ++seq, amount }
      socket.send(JSON.stringify(told))
      tellAll(bidId)
    }
  }
  server.on('connection', (socket) => {
    socket.on('message', (data: RawData) => {
      take(socket, JSON.parse((data as Buffer).toString()) as Frame)
    })
    socket.on('close', () => watching.delete(socket))
  })
  return {
    async address() {
      const { port } = server.address() as AddressInfo
      return { url: `http://127.0.0.1:${port}` }
    },
    async memory(): Promise<Memory> {
      return ownMemory()
    },
    async close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}
