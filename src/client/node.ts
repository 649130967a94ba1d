import { WebSocket } from 'ws'
import { systemEntropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import { systemClock } from '../lib/system-clock.ts'
import type { Client, ClientLimits } from './client.ts'
import { createClient } from './create-client.ts'

/** The client on Node: its own fetch, and the `ws` package, as Node 20 has no WebSocket. */
export function createNodeClient(options: {
  urls: readonly string[]
  token?: string | undefined
  log?: Log
  limits?: Partial<ClientLimits>
}): Client {
  return createClient({
    ...options,
    fetch,
    WebSocket,
    clock: systemClock,
    entropy: systemEntropy,
  })
}
