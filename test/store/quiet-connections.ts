import { Etcd3 } from 'etcd3'

/** Two connections of the library on which nothing is said but pings, every second and every six. */
export interface QuietConnections {
  readonly sinceMs: number
  /** How often each was lost. */
  readonly dropped: Readonly<Record<'often' | 'seldom', number>>
  close(): void
}

/** Resolves when both are connected. */
export async function openQuietConnections(server: string): Promise<QuietConnections> {
  const dropped = { often: 0, seldom: 0 }
  const clients: Etcd3[] = []
  for (const [name, everyMs] of [['often', 1_000] as const, ['seldom', 6_000] as const]) {
    const naive = new Etcd3({
      hosts: server,
      grpcOptions: {
        'grpc.keepalive_time_ms': everyMs,
        'grpc.keepalive_timeout_ms': 2_000,
        'grpc.keepalive_permit_without_calls': 1,
      },
    })
    clients.push(naive)
    const watcher = naive.watch().key('quiet').watcher()
    watcher.on('error', () => undefined)
    watcher.on('disconnected', () => dropped[name]++)
    await new Promise((resolve) => watcher.once('connected', resolve))
  }
  const sinceMs = performance.now()
  return { sinceMs, dropped, close: () => clients.forEach((client) => client.close()) }
}
