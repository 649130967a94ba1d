import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { said } from '../stage/person.ts'

/** Correct requests with conditions and ranges, on everything that is served. */
export const conditionalRequests: Attack = {
  name: 'conditional-requests',
  promise: 'correct requests with conditions and ranges are no failure of a node',
  async run(stage) {
    const stranger = stage.stranger()
    const page = await stranger.ask({ path: '/' })
    const assets = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
    const broken: string[] = []
    for (const path of [...new Set([...paths, ...assets])]) {
      for (const [name, value] of conditions) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await stranger
            .ask({ method, path, headers: { [name]: value } })
            .catch(() => undefined)
          if (answer === undefined)
            broken.push(`${method} ${path} with ${name}: ${value}: no answer`)
          else if (answer.status >= 500 && answer.status !== 503) {
            broken.push(`${method} ${path} with ${name}: ${value}: ${said(answer)}`)
          }
        }
      }
    }
    return broken
  },
}

const paths = [
  ...['/', '/sell', '/auction/x', '/cluster', '/favicon.svg', '/manifest.webmanifest', '/nope'],
  ...['/service-worker.js', '/healthz', '/readyz', '/metrics', '/openapi.json'],
  ...['/time', '/auctions', '/cluster', '/session'].map((path) => apiPath + path),
]
const past = 'Thu, 01 Jan 1970 00:00:00 GMT'
const conditions = [
  ['range', 'bytes=999999-'],
  ['range', 'bytes=0-0,2-2'],
  ['range', 'bytes=-1'],
  ['range', 'lots=1-2'],
  ['if-match', '"x"'],
  ['if-match', '*'],
  ['if-none-match', '*'],
  ['if-unmodified-since', past],
  ['if-modified-since', 'never'],
  ['if-range', '"x"'],
  ['expect', '100-continue'],
  ['accept', 'image/png;q=0'],
  ['accept-encoding', 'br;q=1, *;q=0'],
  ['te', 'trailers'],
] as const
