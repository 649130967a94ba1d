import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorCodes } from '../../src/protocol/error-code.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

interface Operation {
  operationId: string
  parameters?: { name: string; in: string }[]
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface Description {
  openapi: string
  info: { version: string }
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

let node: TestGateway
let description: Description
beforeAll(async () => {
  node = await startTestGateway()
  description = (await node.ask('GET', '/openapi.json')).json as Description
})
afterAll(() => node.stop())

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 of this protocol', () => {
    expect(description.openapi).toBe('3.1.0')
    expect(description.info.version).toBe('v1')
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining(['Auction', 'Event', 'Problem', 'BidAcceptance', 'CreateAuction']),
    )
  })

  it('describes every call of the contract', () => {
    expect(
      operations()
        .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
        .sort(),
    ).toEqual(
      [
        'POST /api/v1/session',
        'POST /api/v1/cluster/secret/rotate',
        'POST /api/v1/session/ticket',
        'POST /api/v1/session/token',
        'GET /api/v1/session',
        'DELETE /api/v1/session',
        'POST /api/v1/auctions',
        'GET /api/v1/auctions',
        'GET /api/v1/auctions/{auctionId}',
        'POST /api/v1/auctions/{auctionId}/bids',
        'GET /api/v1/auctions/{auctionId}/bids/{bidId}',
        'GET /api/v1/auctions/{auctionId}/bids/{bidId}/timing',
        'GET /api/v1/auctions/{auctionId}/events',
        'POST /api/v1/auctions/{auctionId}/cancel',
        'GET /api/v1/time',
        'GET /api/v1/cluster',
        'GET /api/v1/cluster/lock-turns',
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'GET /openapi.json',
      ].sort(),
    )
  })

  it('describes nothing that is not served, and serves no method that is not described', async () => {
    for (const [path, methods] of Object.entries(description.paths)) {
      const concrete = path
        .replace('{auctionId}', '01JAAAAAAAAAAAAAAAAAAAAAAA')
        .replace('{bidId}', 'some-bid-id')
      const described = Object.keys(methods).map((method) => method.toUpperCase())
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, json } = await node.ask(method, concrete)
        if (described.includes(method)) {
          expect(json).not.toMatchObject({ code: 'no-such-route' })
          expect(status).not.toBe(405)
        } else expect(status).toBe(405)
      }
    }
  })

  it('has unique operation ids and every path parameter', () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations()) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
    }
  })

  it('names no status that has no problem or answer, and resolves every reference', () => {
    const statuses = new Set(Object.values(errorCodes).map(({ status }) => String(status)))
    for (const { operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || content?.['application/json'] !== undefined) continue
        expect(statuses).toContain(status)
        expect(content).toHaveProperty(['application/problem+json'])
      }
    }
    const references = JSON.stringify(description).match(/#\/components\/schemas\/\w+/g) ?? []
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) {
      expect(description.components.schemas).toHaveProperty([reference.split('/').at(-1) ?? ''])
    }
  })
})
