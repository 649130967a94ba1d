import { afterEach, describe, expect, it } from 'vitest'
import { clusterJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const token = 'an-operator-token'
let node: TestGateway
afterEach(() => node.stop())

describe('a node that strangers reach', () => {
  it('tells them no process, folder, address or version, and no metrics', async () => {
    node = await startTestGateway({ operatorToken: token, isOpen: false })
    const { json, text } = await node.ask('GET', '/api/v1/cluster')
    const cluster = clusterJson.parse(json)
    expect(cluster).toMatchObject({ node: 'n1', members: [{ nodeId: 'n1' }] })
    expect(cluster.members[0]).not.toHaveProperty('pid')
    expect(cluster.members[0]).not.toHaveProperty('version')
    expect(cluster.store).not.toHaveProperty('servers')
    expect(cluster.store).not.toHaveProperty('ensemble')
    expect(text).not.toMatch(/pid|version|servers|ensemble/)
    for (const headers of [{}, { authorization: 'Bearer another-operator-token' }]) {
      const refused = await node.ask('GET', '/metrics', { headers })
      expect(refused).toMatchObject({ status: 403, json: { code: 'operator-only' } })
    }
    const described = await node.ask('GET', '/openapi.json')
    expect((described.json as { info: { version: string } }).info.version).toBe('v1')
  })

  it('tells the operator', async () => {
    node = await startTestGateway({ operatorToken: token, isOpen: false })
    const { json } = await node.ask('GET', '/api/v1/cluster', { token })
    expect(clusterJson.parse(json).members[0]?.pid).toBeGreaterThan(0)
    expect(clusterJson.parse(json).store.servers).toBeDefined()
    expect((await node.ask('GET', '/metrics', { token })).status).toBe(200)
  })
})

it('a node that only its own machine reaches tells all, but not through a proxy', async () => {
  node = await startTestGateway({ isOpen: true })
  expect((await node.ask('GET', '/metrics')).status).toBe(200)
  expect((await node.ask('GET', '/api/v1/cluster')).text).toContain('pid')
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    const headers = { [name]: '127.0.0.1' }
    expect((await node.ask('GET', '/metrics', { headers })).status).toBe(403)
    expect((await node.ask('GET', '/api/v1/cluster', { headers })).text).not.toContain('pid')
  }
})
