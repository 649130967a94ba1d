import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from '../../src/ensemble/free-port.ts'

test('ports handed out side by side differ and can be listened on', async () => {
  const ports = await freePorts(20)
  expect(new Set(ports).size).toBe(20)
  for (const port of ports) {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    await new Promise((resolve) => server.close(resolve))
  }
})

test('no port comes from the range that outgoing connections take', async () => {
  expect(Math.max(...(await freePorts(20)))).toBeLessThan(32_768)
})
