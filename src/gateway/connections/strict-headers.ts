import type { IncomingMessage } from 'node:http'
import { Fault } from '../fault.ts'

/** Headers that stand once (RFC 9110 and ours): of two, different readers on the way would believe different ones. */
const once = new Set([
  'authorization',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'if-modified-since',
  'if-unmodified-since',
  'origin',
  'range',
  'sec-websocket-key',
  'sec-websocket-version',
  'upgrade',
  'user-agent',
  'x-request-id',
])

/** Undefined when the headers can be read in one way only. */
export function headerFault({ httpVersion, headers, rawHeaders }: IncomingMessage) {
  if (headers.host === undefined && httpVersion !== '1.0') {
    return new Fault('bad-request', 'The Host header is missing.')
  }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue') {
    return new Fault('expectation-failed')
  }
  const seen = new Set<string>()
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = (rawHeaders[place] ?? '').toLowerCase()
    if (!once.has(name)) continue
    if (seen.has(name)) return new Fault('bad-request', `The header ${name} stands there twice.`)
    seen.add(name)
  }
  return undefined
}
