import { type Client, createClient, type Exception } from 'node-zookeeper-client'
import type { Socket } from 'node:net'

/** node-zookeeper-client as its README uses it, for showing what it does to those who do. */
export interface NaiveClient extends Client {
  readonly connectionManager: {
    servers: { host: string; port: number }[]
    pendingBuffer: Buffer | null
    readonly socket?: Socket
    connect: () => void
    onSocketData: (chunk: Buffer) => void
  }
}

export function createNaive(port: number | readonly number[], sessionTimeout: number): NaiveClient {
  const servers = [port].flat().map((each) => ({ host: '127.0.0.1', port: each }))
  const client = createClient('127.0.0.1:1', { sessionTimeout }) as NaiveClient
  // The library shuffles its servers; a test wants to know which comes first.
  client.connectionManager.servers = servers
  return client
}

export async function connectNaive(port: number, sessionTimeout = 4_000): Promise<NaiveClient> {
  const client = createNaive(port, sessionTimeout)
  await new Promise<void>((resolve) => {
    client.once('connected', resolve)
    client.connect()
  })
  return client
}

/** Stops a client for good, whatever state it is in. */
export function quit(client: NaiveClient): void {
  client.connectionManager.connect = () => undefined
  client.close()
  client.connectionManager.socket?.destroy()
}

type Callback<T> = (error: Error | Exception | null, value: T) => void

/** The value, or the name of the error: `BAD_VERSION`. */
export function told<T>(call: (callback: Callback<T>) => void): Promise<T | string> {
  return new Promise((resolve) => {
    call((error, value) => resolve(error ? error.name : value))
  })
}
