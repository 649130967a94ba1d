import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway({ webApp: true })
  node.engine.members = ['http://10.0.0.2:8080', 'https://n3.example']
})
afterAll(() => node.stop())

/** As it is: fetch would tidy the path up. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port: node.port, path }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the web app', () => {
  it.each(['/', '/auction/01JAAAAAAAAAAAAAAAAAAAAAAA', '/sell', '/cluster', '/watching'])(
    'is one document at %s, which may talk to all members and run only our scripts',
    async (path) => {
      const { status, text, headers } = await node.ask('GET', path)
      expect(status).toBe(200)
      expect(text).toContain('<title>Lotkeeper</title>')
      expect(headers.get('content-type')).toMatch(/^text\/html/)
      expect(headers.get('cache-control')).toBe('no-cache')
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      for (const source of [
        'http://10.0.0.2:8080',
        'ws://10.0.0.2:8080',
        'https://n3.example',
        'wss://n3.example',
        `ws://127.0.0.1:${node.port}`,
      ]) {
        expect(policy).toMatch(new RegExp(`connect-src [^;]*${source}`))
      }
    },
  )

  it('tells a browser at an unknown address so in its own page, and a program by a problem', async () => {
    const url = `http://127.0.0.1:${node.port}`
    const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const page = await fetch(`${url}/no/such/page`, { headers: browser })
    expect(page.status).toBe(404)
    expect(await page.text()).toContain('<title>Lotkeeper</title>')
    for (const [path, headers] of [
      ['/no/such/page', {}],
      ['/api/v1/nothing', browser],
    ] as const) {
      const answer = await fetch(url + path, { headers })
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toMatch(/problem\+json/)
    }
  })

  it('has a worker that may ask this node only, and a page for it to keep under a policy of its own', async () => {
    const worker = await node.ask('GET', '/service-worker.js')
    expect(worker.headers.get('content-security-policy')).toBe(
      "default-src 'none'; connect-src 'self'",
    )
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    const { headers } = await node.ask('GET', '/offline.html')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'; style-src 'self'")
    expect(policy).toContain("connect-src 'self';")
  })

  it('has assets that are kept for ever, and others that are asked for again', async () => {
    const asset = await node.ask('GET', '/assets/app-1a2b3c.js')
    expect(asset.status).toBe(200)
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toMatch(/javascript/)
    const icon = await node.ask('GET', '/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
  })

  it.each([
    '/../package.json',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/../../package.json',
    '/assets/..%5c..%5cpackage.json',
    '/.git/config',
    '/.secret',
    '/assets/',
    '/assets',
    '/index.html/',
    '/%00',
  ])('has nothing outside of its folder: %s', async (path) => {
    expect(await rawStatus(path)).toBeGreaterThanOrEqual(400)
    expect(await rawStatus(path)).toBeLessThan(500)
  })

  it('takes no writes', async () => {
    const reply = await node.ask('POST', '/sell')
    expect(reply).toMatchObject({ status: 405 })
    expect(reply.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('leaves problems to the API', async () => {
    expect(await node.ask('GET', '/no-such-page')).toMatchObject({
      status: 404,
      json: { code: 'no-such-route' },
    })
  })
})
