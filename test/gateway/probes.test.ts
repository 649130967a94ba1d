import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clusterJson, readinessJson, timeJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway({ limits: { readsBurst: 40, readsPerSecond: 1 } })
})
afterAll(() => node.stop())
afterEach(() => {
  node.isDraining = false
  node.engine.nowMs = Date.UTC(2026, 0, 1)
  node.engine.setService({ state: 'serving' })
})

describe('readiness', () => {
  it('is there while the node serves', async () => {
    const { status, json } = await node.ask('GET', '/readyz')
    expect(status).toBe(200)
    expect(readinessJson.parse(json)).toEqual({ ready: true, reasons: [] })
  })

  it('is off while draining, unsettled or paused, and says why', async () => {
    node.isDraining = true
    node.engine.nowMs = undefined
    node.engine.setService({ state: 'paused', reason: 'no quorum' })
    expect(await node.ask('GET', '/readyz')).toMatchObject({
      status: 503,
      json: { ready: false, reasons: ['draining', 'unsettled', 'paused: no quorum'] },
    })
    expect((await node.ask('GET', '/healthz')).status).toBe(200)
  })
})

describe('time and cluster', () => {
  it('tell cluster time and its bound', async () => {
    const { json } = await node.ask('GET', '/api/v1/time')
    expect(timeJson.parse(json)).toEqual({
      serverTime: '2026-01-01T00:00:00.000Z',
      offsetMs: 12,
      errorMs: 3,
    })
    node.engine.nowMs = undefined
    expect(await node.ask('GET', '/api/v1/time')).toMatchObject({
      status: 503,
      json: { code: 'unsettled' },
    })
  })

  it('tell members, leader, store and locks', async () => {
    const { json } = await node.ask('GET', '/api/v1/cluster')
    expect(clusterJson.parse(json)).toMatchObject({
      node: 'n1',
      leader: { nodeId: 'n1', term: 3 },
      store: { kind: 'memory', state: 'serving' },
    })
  })
})

it('limits reads by address, metrics too, but never the probes', async () => {
  const metrics = await node.ask('GET', '/metrics')
  expect(metrics).toMatchObject({ status: 200, text: 'up 1\n' })
  expect(metrics.headers.get('content-type')).toContain('text/plain')
  for (let call = 0; call < 40; call++) await node.ask('GET', '/api/v1/time')
  for (const path of ['/api/v1/time', '/metrics']) {
    const reply = await node.ask('GET', path)
    expect(reply).toMatchObject({ status: 429, json: { code: 'rate-limited' } })
  }
  for (const path of ['/healthz', '/readyz']) {
    expect((await node.ask('GET', path)).status).not.toBe(429)
  }
})
