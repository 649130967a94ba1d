import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'

/** Programs that offer another protocol than HTTP/1.1 and WebSocket, as Java's client does with every first request. */
export const unknownUpgrades: Attack = {
  name: 'unknown-upgrades',
  promise: 'whoever offers a protocol that is not known here is served all the same',
  async run(stage) {
    const stranger = stage.stranger()
    const broken: string[] = []
    for (const path of paths) {
      const plain = await stranger.ask({ path })
      for (const upgrade of ['h2c', 'TLS/1.0', 'websocket2, h2c']) {
        const headers = {
          ...{
            connection: 'Upgrade, HTTP2-Settings',
            upgrade,
            'http2-settings': 'AAMAAABkAAQAoAAA',
          },
        }
        const answer = await stranger.ask({ path, headers }).catch(() => undefined)
        if (answer?.status !== plain.status) {
          const told = answer?.status ?? 'no answer'
          broken.push(`GET ${path}: ${plain.status}; with Upgrade: ${upgrade}: ${told}`)
        }
      }
    }
    return broken
  },
}

const paths = [
  ...['/', '/favicon.svg', '/healthz', '/readyz', '/openapi.json', '/nope'],
  ...['/time', '/auctions', '/session'].map((path) => apiPath + path),
]
