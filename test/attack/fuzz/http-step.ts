import { apiPath } from '../../../src/protocol/version.ts'
import type { Draw } from './draw.ts'
import { mutatedBytes, mutatedJson, oddValue } from './odd-values.ts'

/** What a step may name, so that it gets past the first check. */
export interface Known {
  readonly host: string
  readonly token: string
  readonly auctionId: string
}

export interface HttpStep {
  readonly bytes: Buffer
  /** It may be no whole request: no answer is an answer too. */
  readonly isRaw: boolean
}

/** One request: a valid one with something odd about it, or with bytes changed at random. */
export function httpStep(draw: Draw, known: Known): HttpStep {
  const request = requestOf(draw, known)
  const isLatin = draw.chance(0.1)
  const bytes = Buffer.from(request, isLatin ? 'latin1' : 'utf8')
  const isMutated = draw.chance(0.3)
  // In Latin 1 a body may be shorter than its Content-Length: the node rightly waits for the rest.
  const isRaw = isMutated || isLatin
  return { bytes: isMutated ? mutatedBytes(draw, bytes) : bytes, isRaw }
}

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PUT',
  'PATCH',
]
const encoded = (text: string) => encodeURI(text).replaceAll(/[\s#]/g, '%20')

function requestOf(draw: Draw, known: Known): string {
  const path = pathOf(draw, known)
  const drawn = draw.pick(methods)
  // The session is needed by all later steps, which must not depend on earlier ones.
  const method = drawn === 'DELETE' && path.includes('/session') ? 'GET' : drawn
  const body =
    ['POST', 'PUT', 'PATCH'].includes(method) || draw.chance(0.05) ? bodyOf(draw, path) : ''
  const headers = headersOf(draw, known, body)
  return `${method} ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`
}

function pathOf(draw: Draw, { auctionId }: Known): string {
  const id = draw.chance(0.7) ? auctionId : encoded(draw.text(30))
  const bidId = draw.chance(0.7) ? 'fuzzed-bid-1' : encoded(draw.text(80))
  const path = draw.pick([
    ...[
      '/session',
      '/session',
      '/auctions',
      '/auctions',
      '/time',
      '/cluster',
      '/cluster/lock-turns',
    ],
    ...[
      `/auctions/${id}`,
      `/auctions/${id}/events`,
      `/auctions/${id}/bids`,
      `/auctions/${id}/bids`,
    ],
    ...[`/auctions/${id}/cancel`, `/auctions/${id}/bids/${bidId}`],
    ...[`/auctions/${id}/bids/${bidId}/timing`, `/${encoded(draw.text(20))}`, '/session/ticket'],
  ])
  const outside = draw.pick([
    '/',
    '/healthz',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/sell',
    '/assets/x.js',
  ])
  const whole = draw.chance(0.85)
    ? apiPath + path
    : draw.chance(0.7)
      ? outside
      : `/${encoded(draw.text(40))}`
  if (draw.chance(0.6)) return whole
  const query = Array.from({ length: 1 + draw.below(3) }, () => {
    const name = draw.pick([
      'limit',
      'cursor',
      'phase',
      'fresh',
      'after',
      'limit[]',
      '__proto__',
      'x',
    ])
    return `${name}=${encoded(draw.chance(0.4) ? draw.pick(queryValues) : draw.text(30))}`
  })
  return `${whole}?${query.join(draw.pick(['&', '&', ';', '&&']))}`
}

const queryValues = [
  '1',
  '0',
  '200',
  '201',
  '-1',
  'true',
  'open',
  'closed',
  '999999999999999',
  '%',
  '%zz',
  '1e3',
]

function bodyOf(draw: Draw, path: string): string {
  if (draw.chance(0.05)) return draw.text(300)
  if (draw.chance(0.02)) return JSON.stringify('x'.repeat(draw.below(40_000)))
  if (path.includes('/bids')) {
    const amount = draw.chance(0.5) ? `${100 + draw.below(1_000_000)}.00` : oddValue(draw)
    return mutatedJson(draw, { bidId: `fuzzed-bid-${draw.below(50)}`, amount })
  }
  if (path.includes('/auctions')) return mutatedJson(draw, auctionBody(draw))
  return mutatedJson(draw, { name: draw.chance(0.5) ? 'Fuzz' : draw.text(50) })
}

function auctionBody(draw: Draw): Record<string, unknown> {
  return {
    title: draw.chance(0.6) ? 'Fuzzed' : draw.text(220),
    durationMs: draw.pick([1_000, 60_000, 7_776_000_000, 7_776_000_001]),
    ...(draw.chance(0.3) && { description: draw.text(500) }),
    ...(draw.chance(0.3) && { currency: draw.pick(['USD', 'JPY', 'KWD', 'ZZZ', 'usd', '']) }),
    ...(draw.chance(0.3) && { startPrice: oddValue(draw) }),
    ...(draw.chance(0.3) && {
      increment: draw.pick(['1', '0', [{ from: '0', step: '1' }], oddValue(draw)]),
    }),
    ...(draw.chance(0.3) && {
      softClose: draw.pick([null, softClose, { ...softClose, windowMs: oddValue(draw) }]),
    }),
    ...(draw.chance(0.2) && { startsAt: oddValue(draw) }),
  }
}

const softClose = { windowMs: 1_000, extensionMs: 1_000, mode: 'add' }

function headersOf(draw: Draw, { host, token }: Known, body: string): string[] {
  const value = () => draw.text(60).replaceAll(/\p{Cc}/gu, ' ')
  const headers = [
    `Host: ${draw.chance(0.97) ? host : encoded(draw.text(20))}`,
    'Connection: close',
  ]
  if (draw.chance(0.75)) headers.push(`Authorization: Bearer ${draw.chance(0.9) ? token : value()}`)
  if (body !== '') {
    const kind = draw.chance(0.95)
      ? 'application/json'
      : draw.pick(['text/plain', 'application/json; charset=utf-16', value()])
    headers.push(`Content-Type: ${kind}`)
    const length = Buffer.byteLength(body)
    headers.push(`Content-Length: ${draw.chance(0.97) ? length : draw.below(length + 1)}`)
  }
  for (let more = draw.below(3); more > 0; more--)
    headers.push(`${draw.pick(names)}: ${draw.chance(0.5) ? value() : draw.pick(headerValues)}`)
  return headers
}

const names = [
  ...[
    'Accept',
    'Accept-Encoding',
    'Cookie',
    'Origin',
    'Range',
    'If-Match',
    'If-None-Match',
    'If-Range',
  ],
  ...[
    'If-Modified-Since',
    'If-Unmodified-Since',
    'Idempotency-Key',
    'X-Request-Id',
    'X-Forwarded-For',
  ],
  ...[
    'X-Forwarded-Proto',
    'Content-Encoding',
    'Sec-Fetch-Site',
    'Access-Control-Request-Method',
    'X-HTTP-Method-Override',
  ],
]
const headerValues = [
  '*',
  '"x"',
  'bytes=0-',
  'bytes=9-1',
  'null',
  'gzip',
  '0',
  'a=b; lotkeeper=%',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  '::1, 127.0.0.1',
]
