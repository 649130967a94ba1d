import { connect } from 'node:net'

/**
 * Resolves when somebody accepts a connection at `host:port`, rejects when not, or not within so long. Asked before the library is: grpc-js 1.14 opens one more connection, and keeps it,
 * for a channel that was closed after a failed try to connect.
 */
export function reach(server: string, withinMs: number): Promise<void> {
  const { hostname, port } = new URL(`tcp://${server}`)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
    socket.setTimeout(withinMs, () => socket.destroy(new Error('no answer')))
  })
}
