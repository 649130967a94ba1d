import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { gatherWrites } from '../../src/store/zookeeper/gathered-writes.ts'

async function createPair(): Promise<{ near: Socket; far: Socket; close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  await once(near, 'connect')
  const close = () => {
    near.destroy()
    far.destroy()
    server.close()
  }
  return { near, far, close }
}

async function read(from: Socket, text: string): Promise<void> {
  let seen = ''
  from.on('data', (chunk: Buffer) => (seen += chunk.toString()))
  await vi.waitFor(() => expect(seen).toBe(text))
  from.removeAllListeners('data')
}

test('requests of one turn leave together, in their order, and those of the next turn as well', async () => {
  const { near, far, close } = await createPair()
  const handOver = vi.spyOn(near, '_writev' as never)
  gatherWrites(near)
  for (const text of ['one ', 'two ', 'three']) near.write(Buffer.from(text))
  await read(far, 'one two three')
  expect(handOver).toHaveBeenCalledTimes(1)
  near.write(Buffer.from('four '))
  near.write(Buffer.from('five'))
  await read(far, 'four five')
  expect(handOver).toHaveBeenCalledTimes(2)
  close()
})

test('whoever is told to wait is not kept until the next turn', async () => {
  const { near, close } = await createPair()
  gatherWrites(near)
  const packet = Buffer.alloc(near.writableHighWaterMark)
  expect(near.write(packet)).toBe(false)
  expect(near.writableCorked).toBe(0)
  near.write(Buffer.from('more'))
  expect(near.writableCorked).toBe(1)
  await vi.waitFor(() => expect(near.writableLength).toBe(0))
  close()
})

test('a socket that is ended or destroyed in the same turn stays so', async () => {
  const { near, far, close } = await createPair()
  gatherWrites(near)
  near.write(Buffer.from('last'))
  near.end()
  await Promise.all([read(far, 'last'), once(far, 'end')])
  close()
  const other = await createPair()
  gatherWrites(other.near)
  other.near.write(Buffer.from('never'))
  other.near.destroy()
  await once(other.near, 'close')
  other.close()
})
