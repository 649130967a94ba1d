import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request } from 'node:http'
import type { SecurityFacts, SecurityLog } from '../../src/gateway/security-log.ts'
import type { NewSessionJson, TicketJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

/** As a program that writes its own headers: `fetch` would not let Host and Origin be given. */
function askAs(to: TestGateway, headers: Record<string, string>, body?: object) {
  const json = body === undefined ? undefined : JSON.stringify(body)
  return new Promise<{ status: number; cookie: string }>((resolve, reject) => {
    const asked = request(`${to.url}/api/v1/session`, {
      method: json === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    })
    asked.on('error', reject).on('response', (answer) => {
      answer.resume()
      const [cookie = ''] = answer.headers['set-cookie'] ?? []
      resolve({ status: answer.statusCode ?? 0, cookie })
    })
    asked.end(json)
  })
}

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway()
})
afterAll(() => node.stop())

describe('a guest session', () => {
  it('is shown once and set as a cookie that scripts cannot read', async () => {
    const { status, json, headers } = await node.ask('POST', '/api/v1/session', {
      body: { name: '  Ada ' },
    })
    expect(status).toBe(201)
    const { token, user } = json as NewSessionJson
    expect(user.name).toBe('Ada')
    const cookie = headers.get('set-cookie') ?? ''
    expect(cookie).toContain(`${node.cookieName}=${token}`)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Strict/)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Secure/)
  })

  it('has a __Host- cookie behind https, named by the cluster', async () => {
    const behindTls = await startTestGateway({ advertised: 'https://auctions.example' })
    const headers = { host: 'auctions.example' }
    const made = await askAs(behindTls, headers, { name: 'Ada' })
    const plainPage = { ...headers, origin: 'http://auctions.example' }
    const cookie = made.cookie.split(';', 1)[0] ?? ''
    const asked = await askAs(behindTls, { ...headers, cookie })
    const crossed = await askAs(behindTls, { ...plainPage, cookie })
    await behindTls.stop()
    expect(made.cookie).toMatch(/^__Host-lotkeeper-test=[^;]+; Path=\/; Max-Age=\d+; /)
    expect(made.cookie).toMatch(/; Secure$/)
    expect(made.cookie).not.toMatch(/Domain/)
    expect([asked.status, crossed.status]).toEqual([200, 401])
  })

  it('does not count by its cookie for a page of another port of this host', async () => {
    const { token, user } = await node.guest('Dora')
    const member = `http://127.0.0.1:${node.port + 1}`
    node.engine.members = [member]
    const cookie = `${node.cookieName}=${token}`
    const askedBy = async (headers: Record<string, string>) =>
      (await node.ask('GET', '/api/v1/session', { headers: { cookie, ...headers } })).status
    expect(await askedBy({ origin: node.url })).toBe(200)
    expect(await askedBy({ 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await askedBy({ origin: member })).toBe(401)
    expect(await askedBy({ 'sec-fetch-site': 'same-site' })).toBe(401)
    const own = await node.socket({ cookie, origin: node.url })
    expect((await own.next('welcome')).user).toEqual(user)
    const foreign = await node.socket({ cookie, origin: member })
    expect((await foreign.next('welcome')).user).toBeUndefined()
    const otherCluster = { cookie: `lotkeeper_session_other-${node.port}=${token}` }
    expect((await node.ask('GET', '/api/v1/session', { headers: otherCluster })).status).toBe(401)
  })

  it('replaces the one that the caller had, whose sockets end', async () => {
    const before = await node.guest('Ann')
    const socket = await node.socket()
    socket.send({ type: 'hello', token: before.token })
    await socket.next('welcome', 1)
    const body = { name: 'Ann' }
    const after = await node.ask('POST', '/api/v1/session', { token: before.token, body })
    const { token, user } = after.json as NewSessionJson
    expect(token).not.toBe(before.token)
    expect(user.id).not.toBe(before.user.id)
    expect((await socket.closing()).code).toBe(4001)
    const asked = (whose: string) => node.ask('GET', '/api/v1/session', { token: whose })
    expect((await asked(before.token)).status).toBe(401)
    expect((await asked(token)).status).toBe(200)
    const unknown = await node.ask('POST', '/api/v1/session', { token: before.token, body })
    expect(unknown.status).toBe(201)
  })

  it('gives a page that has only its cookie a token, and nobody none', async () => {
    const { token, user } = await node.guest('Eve')
    const headers = { cookie: `${node.cookieName}=${token}` }
    const given = await node.ask('POST', '/api/v1/session/token', { headers })
    expect(given).toMatchObject({ status: 201, json: { user } })
    expect(given.headers.get('set-cookie')).toContain(`${node.cookieName}=${token};`)
    const pageToken = (given.json as NewSessionJson).token
    expect(pageToken).not.toBe(token)
    expect((await node.ask('GET', '/api/v1/session', { token: pageToken })).json).toEqual({ user })
    const nobody = await node.ask('POST', '/api/v1/session/token')
    expect([nobody.status, nobody.text]).toEqual([204, ''])
  })

  it('comes with a ticket from another node, once, by HTTP or in a hello', async () => {
    const { token, user } = await node.guest('Fay')
    const issue = async () =>
      ((await node.ask('POST', '/api/v1/session/ticket', { token })).json as TicketJson).ticket
    const ticket = await issue()
    const redeem = () => node.ask('POST', '/api/v1/session', { body: { ticket } })
    expect(await redeem()).toMatchObject({ status: 201, json: { user } })
    expect(await redeem()).toMatchObject({ status: 401, json: { code: 'sign-in-first' } })
    const socket = await node.socket()
    const other = await issue()
    socket.send({ type: 'hello', ticket: other })
    expect((await socket.next('welcome', 1)).user).toEqual(user)
    const second = await node.socket()
    second.send({ type: 'hello', ticket: other })
    expect((await second.closing()).code).toBe(4001)
    expect((await node.ask('POST', '/api/v1/session/ticket')).status).toBe(401)
  })

  it('is told in the security log when it begins and ends', async () => {
    const noted: [string, SecurityFacts][] = []
    const security: SecurityLog = { note: (event, facts) => noted.push([event, facts]) }
    const logged = await startTestGateway({ security })
    const { token, user } = await logged.guest('Gil')
    const socket = await logged.socket()
    socket.send({ type: 'hello', token })
    await socket.next('welcome', 1)
    await logged.ask('DELETE', '/api/v1/session', { token })
    await logged.stop()
    const personId = user.id
    expect(noted).toMatchObject([
      ['signed-in', { personId, address: '127.0.0.1' }],
      ['signed-out', { personId, detail: 'sockets closed here: 1' }],
      ['signed-out', { personId, address: '127.0.0.1' }],
    ])
    expect(noted[2]?.[1].requestId).toMatch(/./)
  })

  it('identifies by token and by cookie, and no more once ended', async () => {
    const { token, user } = await node.guest('Ben')
    const cookie = { cookie: `other=1; ${node.cookieName}=${token}` }
    expect((await node.ask('GET', '/api/v1/session', { token })).json).toEqual({ user })
    expect((await node.ask('GET', '/api/v1/session', { headers: cookie })).json).toEqual({ user })
    const ended = await node.ask('DELETE', '/api/v1/session', { token })
    expect(ended.status).toBe(204)
    expect(ended.headers.get('set-cookie')).toMatch(new RegExp(`${node.cookieName}=;.*Max-Age=0`))
    expect(await node.ask('GET', '/api/v1/session', { token })).toMatchObject({
      status: 401,
      json: { code: 'sign-in-first' },
    })
  })

  it('is not that of the cookie when a token is given that nobody knows', async () => {
    const { token } = await node.guest('Cleo')
    const cookie = `${node.cookieName}=${token}`
    for (const authorization of [`Bearer ${'x'.repeat(43)}`, 'Bearer', 'Basic YTpi']) {
      const { status } = await node.ask('GET', '/api/v1/session', {
        headers: { cookie, authorization },
      })
      expect(status).toBe(401)
    }
  })

  it('asks whoever has none to sign in', async () => {
    const { status, json, headers } = await node.ask('GET', '/api/v1/session')
    expect(status).toBe(401)
    expect(json).toMatchObject({ code: 'sign-in-first', status: 401 })
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each([
    ['an empty name', ''],
    ['blanks', '   '],
    ['41 characters', 'x'.repeat(41)],
    ['a line break', 'Ada\nBen'],
    ['a text direction override', 'Ada\u202e'],
    ['half a character', 'Ada\ud800'],
    ['a number', 7],
  ])('refuses %s as a name', async (_what, name) => {
    const { status, json } = await node.ask('POST', '/api/v1/session', { body: { name } })
    expect(status).toBe(400)
    expect(json).toMatchObject({ code: 'bad-request', pointer: '/name' })
  })

  it('takes 40 characters of any script', async () => {
    const name = '𠮷'.repeat(39) + 'ß'
    expect((await node.guest(name)).user.name).toBe(name)
  })
})
