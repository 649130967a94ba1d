import { WebSocket } from 'ws'
import { socketPath } from '../../../src/protocol/version.ts'
import { anyNode, between } from '../aim.ts'
import { noteFault } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const framesAtOnce = 50
const againMs = 5
/** Of what waits in the socket; beyond, the node reads no faster. */
const bufferedMax = 1024 * 1024

/** A socket that sends valid frames as fast as it can, and comes back each time it is thrown out. */
export const floodNemesis: Nemesis = {
  touches: 'client',
  async strike(run) {
    const node = anyNode(run)
    // It is flooded, not taken away: another nemesis may hit it meanwhile.
    run.victims.release(node.nodeId)
    const target = node.nodeId
    const atMs = run.recorder.now()
    const endMs = atMs + between(run, 3_000, 6_000)
    await noteFault(run, { atMs, kind: 'flood', role: 'client', target })
    let sent = 0
    let sockets = 0
    while (run.recorder.now() < endMs) {
      const socket = new WebSocket(`${node.url.replace(/^http/, 'ws')}${socketPath}`)
      socket.on('error', () => undefined)
      sockets++
      try {
        for (;;) {
          await pause(againMs)
          if (run.recorder.now() >= endMs || socket.readyState > WebSocket.OPEN) break
          if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > bufferedMax) continue
          for (let n = 0; n < framesAtOnce; n++) {
            socket.send(JSON.stringify({ type: 'time', t0: sent++ }))
          }
        }
      } finally {
        socket.terminate()
      }
    }
    run.say(`flooded ${target} with ${sent} frames over ${sockets} sockets`)
    await noteFault(run, { atMs: run.recorder.now(), kind: 'heal', role: 'client', target })
  },
}
