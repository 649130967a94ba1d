import { afterEach, beforeEach, expect, test } from 'vitest'
import { startStubNode, type StubNode } from '../client/stub-node.ts'
import { run } from './run.ts'

let node: StubNode
beforeEach(async () => {
  node = await startStubNode('n1')
})
afterEach(() => node.kill())

test('cluster rotate-secret asks a node as the operator', async () => {
  node.onRequest = () => ({
    body: { number: 4, previousGoodUntil: '2026-01-01T00:00:00.000Z' },
  })
  const token = ['--operator-token', 'an-operator-token']
  const { exitCode, out } = await run('cluster', 'rotate-secret', '--node', node.url, ...token)
  expect(exitCode).toBe(0)
  expect(out).toContain('secret 4 is in force; the one before is good until 2026')
  expect(node.requests.at(-1)).toMatchObject({
    path: '/cluster/secret/rotate',
    headers: { authorization: 'Bearer an-operator-token' },
  })
})

test('without a token it says where one comes from', async () => {
  const { exitCode, err } = await run('cluster', 'rotate-secret', '--node', node.url)
  expect(exitCode).toBe(2)
  expect(err).toContain('LOTKEEPER_OPERATOR_TOKEN')
})
