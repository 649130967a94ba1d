import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface SessionCredentials {
  readonly sessionId: Buffer
  readonly password: Buffer
}

/** Stands before a ZooKeeper server and reads the credentials of the session that it granted last. */
export interface Tap {
  readonly port: number
  readonly granted: SessionCredentials | undefined
  close(): Promise<void>
}

export async function startTap(target: { host: string; port: number }): Promise<Tap> {
  const sockets = new Set<Socket>()
  let granted: SessionCredentials | undefined
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.resetAndDestroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
    upstream.once('data', (chunk: Buffer) => (granted = credentialsIn(chunk) ?? granted))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get granted() {
      return granted
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** The first answer on a connection: length, protocol version, timeout, session id (8), length, password. */
function credentialsIn(chunk: Buffer): SessionCredentials | undefined {
  if (chunk.length < 40 || chunk.readInt32BE(8) <= 0) return undefined
  return {
    sessionId: Buffer.from(chunk.subarray(12, 20)),
    password: Buffer.from(chunk.subarray(24, 40)),
  }
}
