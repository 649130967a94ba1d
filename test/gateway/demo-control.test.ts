import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clusterJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const demoControl = 'http://127.0.0.1:8083'

describe('a node of a demo', () => {
  let node: TestGateway
  beforeAll(async () => {
    node = await startTestGateway({ webApp: true, demoControl })
  })
  afterAll(() => node.stop())

  it('lets the demo, and nobody else, frame its pages', async () => {
    const { headers } = await node.ask('GET', '/cluster')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`frame-ancestors ${demoControl} http://localhost:8083`)
    expect(policy).toMatch(new RegExp(`connect-src [^;]*${demoControl}`))
    expect(headers.has('x-frame-options')).toBe(false)
    const other = await node.ask('GET', '/api/v1/cluster')
    expect(other.headers.get('x-frame-options')).toBe('DENY')
    expect(other.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('says where the demo is, and takes no orders from it', async () => {
    const { json } = await node.ask('GET', '/api/v1/cluster')
    expect(clusterJson.parse(json).demo).toEqual({ controlUrl: demoControl })
    const headers = { origin: demoControl }
    const order = await node.ask('POST', '/api/v1/session', { body: { name: 'Eve' }, headers })
    expect(order.status).toBe(403)
  })
})

describe('any other node', () => {
  it('knows of no demo, and refuses to be framed', async () => {
    const node = await startTestGateway({ webApp: true })
    expect((await node.ask('GET', '/api/v1/cluster')).json).not.toHaveProperty('demo')
    const { headers } = await node.ask('GET', '/')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    await node.stop()
  })
})
