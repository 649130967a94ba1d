import type { AddressInfo } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

interface Frame {
  readonly type: string
  readonly bidId?: string
  readonly auctionId?: string
  readonly amount?: string
}

/**
 * What sockets and JSON alone cost on this machine: every bid is parsed, accepted and acknowledged with an answer of the usual
 * size. No rules, no store, no rates.
 */
export async function openEchoNode() {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    handleProtocols: (offered) => [...offered][0] ?? false,
  })
  await new Promise((resolve) => server.once('listening', resolve))
  let seq = 0
  const answer = (socket: WebSocket, frame: Frame) => {
    const at = new Date().toISOString()
    const { type, auctionId, bidId, amount } = frame
    const told =
      type === 'hello'
        ? { type: 'welcome', nodeId: 'echo', protocol: 1, user: { id: 'u', name: 'U' } }
        : {
            ...{ type: 'outcome', auctionId, outcome: 'accepted', bidId, seq: ++seq },
            ...{ amount, at, minimumNextBid: amount, endsAt: at },
          }
    socket.send(JSON.stringify(told))
  }
  server.on('connection', (socket) => {
    socket.on('message', (data: RawData) => {
      answer(socket, JSON.parse((data as Buffer).toString()) as Frame)
    })
  })
  return {
    async address() {
      const { port } = server.address() as AddressInfo
      return { url: `http://127.0.0.1:${port}` }
    },
    async close() {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}
