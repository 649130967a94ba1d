import { once } from 'node:events'
import { WebSocket } from 'ws'
import { socketPath } from '../../../src/protocol/version.ts'
import { anyNode, between } from '../aim.ts'
import { noteFault } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const socketCount = 20
const openWithinMs = 5_000

/** Many sockets that subscribe to the hot auction and never read what comes. */
export const neverReadNemesis: Nemesis = {
  touches: 'client',
  async strike(run) {
    const node = anyNode(run)
    run.victims.release(node.nodeId)
    const target = node.nodeId
    const atMs = run.recorder.now()
    await noteFault(run, { atMs, kind: 'never-read', role: 'client', target })
    const sockets = Array.from({ length: socketCount }, () => {
      const socket = new WebSocket(`${node.url.replace(/^http/, 'ws')}${socketPath}`)
      socket.on('error', () => undefined)
      return socket
    })
    try {
      await Promise.all(
        sockets.map(async (socket) => {
          await once(socket, 'open', { signal: AbortSignal.timeout(openWithinMs) })
          socket.send(JSON.stringify({ type: 'hello' }))
          socket.send(JSON.stringify({ type: 'subscribe', auctionId: run.sale.hot.id }))
          socket.pause()
        }),
      ).catch((error: unknown) => run.say(`a socket did not open: ${String(error)}`))
      await pause(between(run, 3_000, 8_000))
    } finally {
      for (const socket of sockets) socket.terminate()
    }
    await noteFault(run, { atMs: run.recorder.now(), kind: 'heal', role: 'client', target })
  },
}
