import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { checkTls } from '../../cmd/doctor/tls.ts'
import { tlsConfigOf } from '../../cmd/serve/tls-flags.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const isInstalled = spawnSync('openssl', ['version']).status === 0
if (!isInstalled) console.warn('NOT TESTED: TLS (openssl is not installed)')

describe.skipIf(!isInstalled)('a node with a certificate of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-tls-'))
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  let ca: Buffer
  let node: TestGateway
  beforeAll(async () => {
    const subject = [
      '-subj',
      '/CN=a.example',
      '-addext',
      'subjectAltName=DNS:a.example,IP:127.0.0.1',
    ]
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const out = ['-days', '2', '-keyout', keyFile, '-out', certFile]
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...out], { stdio: 'ignore' })
    const { tls } = tlsConfigOf({ tlsCert: certFile, tlsKey: keyFile })
    ca = readFileSync(certFile)
    node = await startTestGateway({ tls: tls!, allowHosts: ['a.example'] })
  })
  afterAll(async () => {
    await node.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function ask(method: string, headers: Record<string, string>, maxVersion?: 'TLSv1.1') {
    const where = { host: '127.0.0.1', port: node.port, path: '/api/v1/session', ca, agent: false }
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>(
      (done, fail) => {
        const options = {
          ...where,
          method,
          headers,
          servername: '',
          ...(maxVersion && { maxVersion }),
        }
        const asked = request(options, (got) =>
          done({ status: got.resume().statusCode ?? 0, headers: got.headers }),
        )
        asked.on('error', fail)
        asked.end(method === 'POST' ? '{"name":"Ada"}' : undefined)
      },
    )
  }
  const type = { 'content-type': 'application/json' }

  it('serves https, with a Secure cookie and pages of https alone', async () => {
    const host = `a.example:${node.port}`
    const made = await ask('POST', { ...type, host, origin: `https://${host}` })
    expect(made.status).toBe(201)
    expect(String(made.headers['set-cookie'])).toContain('; Secure')
    expect(made.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    expect((await ask('POST', { ...type, host, origin: `http://${host}` })).status).toBe(403)
    const onLoopback = await ask('GET', { host: `localhost:${node.port}` })
    expect(onLoopback.headers).not.toHaveProperty('strict-transport-security')
  })

  it('ignores an upgrade that it does not know, as it does without TLS', async () => {
    const answer = await ask('GET', { connection: 'Upgrade', upgrade: 'h2c' })
    expect(answer.status).toBe(401)
  })

  it('serves wss', async () => {
    const socket = new WebSocket(`wss://127.0.0.1:${node.port}/ws`, 'lotkeeper.v1', { ca })
    const first = await new Promise<string>((done, fail) => {
      socket.on('message', (data: Buffer) => done(data.toString()))
      socket.on('error', fail)
    })
    expect(first).toContain('"type":"welcome"')
    socket.terminate()
  })

  it('serves neither plain HTTP nor old TLS', async () => {
    await expect(fetch(`http://127.0.0.1:${node.port}/healthz`)).rejects.toThrow()
    await expect(ask('GET', {}, 'TLSv1.1')).rejects.toThrow()
  })

  it('is refused files that are not there, do not fit or stand alone, and prints no key', () => {
    const secret = 'a key that nobody may read'
    const noKey = join(folder, 'no-key.pem')
    writeFileSync(noKey, secret)
    const refused: [object, RegExp][] = [
      [{ tlsCert: certFile }, /go together/],
      [{ tlsKey: keyFile }, /go together/],
      [{ tlsCert: certFile, tlsKey: `${keyFile}-not` }, /cannot be read \(ENOENT\)/],
      [{ tlsCert: certFile, tlsKey: noKey }, /^((?!nobody may read).)*no certificate and its key$/],
    ]
    for (const [flags, message] of refused) expect(() => tlsConfigOf(flags)).toThrow(message)
  })
})

const trusted = { trustedProxies: ['127.0.0.1'] }
const says = (proto: string) => ({ 'x-forwarded-proto': proto })
it.each([
  ['behind TLS', { behindTls: true as const }, {}, true],
  ['by the word of a trusted proxy', trusted, says('https'), true],
  ['by the word of a stranger', {}, says('https'), false],
  ['by what a stranger told the proxy', trusted, says('https, http'), false],
])('a node that is reached over TLS %s: Secure is %4$s', async (_how, over, headers, isSecure) => {
  const node = await startTestGateway(over)
  try {
    const made = await node.ask('POST', '/api/v1/session', { body: { name: 'Ada' }, headers })
    expect(made.headers.get('set-cookie')?.includes('; Secure')).toBe(isSecure)
  } finally {
    await node.stop()
  }
})

it('doctor warns of a node beyond loopback without TLS', () => {
  expect(checkTls('127.0.0.1', {})).toEqual([])
  expect(checkTls('0.0.0.0', {})).toMatchObject([{ check: 'tls', state: 'warn' }])
  expect(checkTls('0.0.0.0', { LOTKEEPER_BEHIND_TLS: '1' })).toMatchObject([{ state: 'ok' }])
})
