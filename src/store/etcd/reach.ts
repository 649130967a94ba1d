import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Tls } from '../access.ts'

/**
 * Resolves when somebody accepts a connection at `host:port` (and, with `tls`, proves to be that host), rejects when not, or not within so long.
 * Asked before the library is: grpc-js 1.14 opens one more connection, and keeps it, for a channel that was closed after a failed try to connect,
 * and says of a certificate only that there is no connection.
 */
export function reach(server: string, withinMs: number, tls?: Tls): Promise<void> {
  const { hostname, port } = new URL(`tcp://${server}`)
  const host = hostname.replace(/^\[|\]$/g, '')
  const address = { host, port: Number(port) }
  return new Promise((resolve, reject) => {
    const socket =
      tls === undefined
        ? connect(address)
        : connectTls({
            ...address,
            ...tls,
            ALPNProtocols: ['h2'],
            ...(!isIP(host) && { servername: host }),
          })
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
    socket.setTimeout(withinMs, () => socket.destroy(new Error('no answer')))
  })
}
