import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/lib/system-clock.ts'
import { Fault } from '../../src/gateway/fault.ts'
import { refuseUpgrade } from '../../src/gateway/refuse-upgrade.ts'

it('tells who gets no socket what a request would be told, under an id to ask about', async () => {
  const socket = new PassThrough()
  const heard = text(socket)
  refuseUpgrade(
    socket,
    new Fault('overloaded', undefined, { retryAfterMs: 1_500 }),
    'n7',
    systemClock,
  )
  const [head = '', body = ''] = (await heard).split('\r\n\r\n')
  const requestId = /^X-Request-Id: (\S+)$/m.exec(head)?.[1]
  expect(head).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
  expect(head).toContain('X-Lotkeeper-Node: n7')
  expect(head).toContain('Retry-After: 2')
  expect(JSON.parse(body)).toMatchObject({ code: 'overloaded', retryAfterMs: 1_500, requestId })
  expect(requestId).toBeDefined()
})
