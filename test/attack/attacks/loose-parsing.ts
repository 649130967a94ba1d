import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import type { Stage } from '../stage/stage.ts'
import { openRaw } from '../stage/wire.ts'

/** Requests that two programs may read in two ways. */
export const looseParsing: Attack = {
  name: 'loose-parsing',
  promise: 'a request that can be read in two ways is refused',
  notThroughProxy: 'the proxy refuses or repairs them itself',
  async run(stage) {
    const broken: string[] = []
    for (const [what, bytes] of Object.entries(requestsTo(stage))) {
      const from = stage.newAddress()
      const connection = await openRaw(stage.door, from)
      connection.socket.write(bytes)
      await connection.answered(5_000)
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(connection.text)?.[1] ?? 0)
      connection.socket.destroy()
      if (status < 400 || status >= 500) broken.push(`${what}: ${status || 'no answer'}`)
    }
    return broken
  },
}

function requestsTo({ door }: Stage): Record<string, Buffer> {
  const host = `Host: ${door.host}:${door.port}`
  const post = (body: Buffer) =>
    Buffer.concat([
      Buffer.from(
        `POST ${apiPath}/session HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ])
  const badUtf8 = Buffer.concat([
    Buffer.from('{"name":"'),
    Buffer.of(0xc3, 0x28, 0xff),
    Buffer.from('"}'),
  ])
  const surrogate = Buffer.concat([
    ...[Buffer.from('{"name":"x'), Buffer.of(0xed, 0xa0, 0x80), Buffer.from('"}')],
  ])
  const get = (headers: string) => Buffer.from(`GET /healthz HTTP/1.1\r\n${headers}\r\n\r\n`)
  return {
    'a body that is no UTF-8': post(badUtf8),
    'a body with half a character': post(surrogate),
    'a body with one key twice': post(Buffer.from('{"name":"Ann","name":"Bob"}')),
    'a body with one key twice, once escaped': post(
      Buffer.from('{"name":"Ann","n\\u0061me":"Bob"}'),
    ),
    'two Hosts': get(`${host}\r\n${host}`),
    'two different Hosts': get(`${host}\r\nHost: evil.example`),
    'no Host': get('Accept: */*'),
    'two lengths': Buffer.from(
      `POST ${apiPath}/session HTTP/1.1\r\n${host}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    ),
  }
}
