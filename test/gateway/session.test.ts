import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewSessionJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

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
    expect(cookie).toContain(`lotkeeper_session=${token}`)
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/)
    expect(cookie).toMatch(/; Path=\//)
    expect(cookie).not.toMatch(/Secure/)
  })

  it('has a Secure cookie behind https', async () => {
    const behindTls = await startTestGateway({ advertised: 'https://auctions.example' })
    const { headers } = await behindTls.ask('POST', '/api/v1/session', { body: { name: 'Ada' } })
    await behindTls.stop()
    expect(headers.get('set-cookie')).toMatch(/; Secure/)
  })

  it('identifies by token and by cookie, and no more once ended', async () => {
    const { token, user } = await node.guest('Ben')
    const cookie = { cookie: `other=1; lotkeeper_session=${token}` }
    expect((await node.ask('GET', '/api/v1/session', { token })).json).toEqual({ user })
    expect((await node.ask('GET', '/api/v1/session', { headers: cookie })).json).toEqual({ user })
    const ended = await node.ask('DELETE', '/api/v1/session', { token })
    expect(ended.status).toBe(204)
    expect(ended.headers.get('set-cookie')).toMatch(/lotkeeper_session=;.*Max-Age=0/)
    expect(await node.ask('GET', '/api/v1/session', { token })).toMatchObject({
      status: 401,
      json: { code: 'sign-in-first' },
    })
  })

  it('is not that of the cookie when a token is given that nobody knows', async () => {
    const { token } = await node.guest('Cleo')
    const cookie = `lotkeeper_session=${token}`
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
