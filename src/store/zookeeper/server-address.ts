import { assert } from '../../lib/assert.ts'
import type { Server } from './library.ts'

const defaultPort = 2181

/** `host`, `host:port` or `[::1]:port`. */
export function parseServer(address: string): Server {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(address)
  const host = match?.[1] ?? match?.[2]
  assert(host !== undefined, `bad server address ${address}`)
  const port = Number(match?.[3] ?? defaultPort)
  assert(port >= 1 && port <= 65_535, `bad port in ${address}`)
  return { host, port }
}
