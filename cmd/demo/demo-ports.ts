import { createServer } from 'node:net'
import { freePort } from '../../src/ensemble/free-port.ts'

const nodesCount = 3

/** Ports for three nodes: `first` and the next ones where they are free, else any. 0: any. */
export async function demoPorts(first: number): Promise<number[]> {
  const wished = Array.from({ length: nodesCount }, (_, index) => (first === 0 ? 0 : first + index))
  return Promise.all(
    wished.map(async (port) => (port !== 0 && (await isFree(port)) ? port : freePort())),
  )
}

function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
