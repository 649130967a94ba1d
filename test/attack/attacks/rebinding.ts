import { socketPath, apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { said } from '../stage/person.ts'
import type { Caller } from '../stage/wire.ts'

/** A page whose own name was made to point at a node (DNS rebinding). */
export const rebinding: Attack = {
  name: 'rebinding',
  promise: 'a page that made its name point here reads nothing and does nothing',
  notThroughProxy: 'what the proxy is called there is the operator’s to say',
  async run(stage) {
    const stranger = stage.stranger()
    const { port } = stage.door
    const broken: string[] = []
    for (const name of foreignNames) {
      for (const host of [name, `${name}:${port}`]) {
        broken.push(...(await asForeign(stranger, host)))
      }
    }
    for (const name of ownNames) {
      const answer = await stranger.ask({ path: '/healthz', headers: { host: `${name}:${port}` } })
      if (answer.status !== 200) broken.push(`Host ${name} is the node's own: ${said(answer)}`)
    }
    return broken
  },
}

const foreignNames = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example.',
  'xn--lcalhost-3mb',
  'EVIL.example',
]
const ownNames = ['127.0.0.1', 'localhost', '[::1]']

async function asForeign(stranger: Caller, host: string): Promise<string[]> {
  const origin = `http://${host}`
  const calls = {
    'reads auctions': { path: `${apiPath}/auctions`, headers: { host } },
    'reads the page': { path: '/', headers: { host } },
    'makes a guest': {
      ...{ method: 'POST', path: `${apiPath}/session`, body: { name: 'Eve' } },
      headers: { host, origin },
    },
    'opens a socket': { path: socketPath, headers: { host, origin, ...upgrade } },
  }
  const broken: string[] = []
  for (const [what, call] of Object.entries(calls)) {
    const { status, headers } = await stranger.ask(call)
    const allowed = headers['access-control-allow-origin']
    if (status < 400) broken.push(`Host ${host}: ${what} (${status})`)
    if (allowed !== undefined) broken.push(`Host ${host}: ${what}, allowed to ${allowed}`)
  }
  return broken
}

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
