import { systemEntropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import { systemClock } from '../lib/system-clock.ts'
import type { Client, ClientLimits } from './client.ts'
import { createClient } from './create-client.ts'
import type { SocketConstructor } from './platform.ts'

/** The client in a page: the browser's own fetch and WebSocket. */
export function createBrowserClient(options: {
  urls: readonly string[]
  token?: string | undefined
  log?: Log
  limits?: Partial<ClientLimits>
}): Client {
  return createClient({
    ...options,
    fetch: (url, init) => fetch(url, init),
    WebSocket: globalThis.WebSocket satisfies SocketConstructor,
    clock: systemClock,
    entropy: systemEntropy,
  })
}
