import { createServer } from 'node:net'
import { freePort } from '../../src/ensemble/free-port.ts'

const nodesCount = 3

export interface DemoPorts {
  readonly nodes: readonly number[]
  readonly control: number
}

/** Three nodes from `first` on, and the control after them, where those ports are free; else any. 0: any. */
export async function demoPorts(first: number): Promise<DemoPorts> {
  const wished = Array.from({ length: nodesCount + 1 }, (_, index) =>
    first === 0 ? 0 : first + index,
  )
  const ports = await Promise.all(
    wished.map(async (port) => (port !== 0 && (await isFree(port)) ? port : freePort())),
  )
  return { nodes: ports.slice(0, nodesCount), control: ports[nodesCount] ?? 0 }
}

function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
