import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createUpgrade } from '../../src/gateway/ws/upgrade.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { subprotocol } from '../../src/protocol/version.ts'
import { eventually } from '../support/eventually.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('does not keep the request that a socket came with for as long as the socket is open', async () => {
  const requests: WeakRef<IncomingMessage>[] = []
  const server = createServer()
  const onUpgrade = createUpgrade({
    clock: systemClock,
    nodeId: 'n1',
    hosts: { isOurs: () => true },
    isSecure: () => false,
    onRefused: () => undefined,
    origins: { isAllowed: () => true, connectSources: () => [], frameSources: () => [] },
    frameBytesMax: 8 * 1024,
    onSocket: (_, request) => void requests.push(new WeakRef(request)),
  })
  server.on('upgrade', onUpgrade)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, subprotocol)
  await once(client, 'open')
  try {
    expect(requests).toHaveLength(1)
    const isGone = () => {
      collectGarbage()
      return requests[0]?.deref() === undefined
    }
    await eventually(isGone, { what: 'the request is garbage' })
    expect(client.readyState).toBe(WebSocket.OPEN)
  } finally {
    client.terminate()
    server.close()
  }
})
