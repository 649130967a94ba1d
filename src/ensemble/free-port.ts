import { createServer } from 'node:net'
import { systemEntropy } from '../lib/entropy.ts'

// Below the range that Linux (32768 and up) and macOS (49152) hand to outgoing connections: a port of a member that is
// down for a while is not taken by somebody's client before it comes back.
const portMin = 15_000
const portMax = 31_999
const triesMax = 200
const handedOut = new Set<number>()

/**
 * A TCP port of 127.0.0.1 that was free a moment ago, and that this process has not handed out before.
 * Not promised: that no other process takes it before you do.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = portMin + Math.floor(systemEntropy.random() * (portMax - portMin + 1))
    if (handedOut.has(port)) continue
    handedOut.add(port)
    if (await canListen(port)) return port
  }
  throw new Error(`no free port between ${portMin} and ${portMax} after ${triesMax} tries`)
}

export async function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => freePort()))
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true))
    })
  })
}
