import { connect } from 'node:net'
import { pause } from '../../faults/wait.ts'

// A stranger who asks at a steady rate over ten connections and takes all answers; ends by itself.

const { host, port, from, request, perSecond, forMs } = JSON.parse(process.argv[2] ?? '{}') as {
  host: string
  port: number
  from: string
  request: [method: string, path: string, body: string]
  perSecond: number
  forMs: number
}
const connectionCount = 10
const everyMs = 10
const [method, path, body] = request
const bodyHeaders =
  body === ''
    ? ''
    : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
let asked = 0

await Promise.all(Array.from({ length: connectionCount }, keepAsking))
process.exit(0)

async function keepAsking() {
  const endsAtMs = performance.now() + forMs
  while (performance.now() < endsAtMs) await askUntilCut(endsAtMs)
}

async function askUntilCut(endsAtMs: number) {
  const socket = connect({ host, port, localAddress: from })
  socket.on('error', () => undefined)
  socket.resume()
  const each = (perSecond * everyMs) / 1_000 / connectionCount
  let owed = 0
  while (!socket.destroyed && performance.now() < endsAtMs) {
    owed += each
    for (; owed >= 1; owed--) socket.write(textOf(asked++))
    await pause(everyMs)
  }
  socket.destroy()
}

function textOf(at: number): string {
  const token = path.endsWith('/session')
    ? `Authorization: Bearer xxxxxxxxxxxxxxxxxxxx${at}\r\n`
    : ''
  return `${method} ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n${token}${bodyHeaders}\r\n${body}`
}
