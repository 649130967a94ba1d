import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startStubNode, type StubNode } from '../client/stub-node.ts'
import { run } from './run.ts'

const twins = [
  'LOTKEEPER_NODE',
  'LOTKEEPER_JSON',
  'LOTKEEPER_TOKEN',
  'LOTKEEPER_PORT',
  'LOTKEEPER_LIMIT',
]
let node: StubNode
beforeEach(async () => {
  node = await startStubNode('n1')
  node.onRequest = () => ({ body: { items: [], nextCursor: null } })
})
afterEach(async () => {
  for (const twin of twins) Reflect.deleteProperty(process.env, twin)
  await node.kill()
})

describe('a flag', () => {
  test('has a twin in the environment, and comes before it', async () => {
    process.env['LOTKEEPER_NODE'] = node.url
    process.env['LOTKEEPER_TOKEN'] = 'from-environment'
    process.env['LOTKEEPER_LIMIT'] = '7'
    await run('auction', 'list')
    await run('auction', 'list', '--token', 'from-flag', '--limit', '9')
    expect(node.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/auctions?limit=7', 'Bearer from-environment'],
      ['/auctions?limit=9', 'Bearer from-flag'],
    ])
  })

  test.each([
    ['1', true],
    ['true', true],
    ['0', false],
    ['false', false],
    ['', false],
  ])('that is a switch is off where its twin says so: %j', async (value, isJson) => {
    process.env['LOTKEEPER_JSON'] = value
    const { out } = await run('auction', 'list', '--node', node.url)
    expect(out.startsWith('{')).toBe(isJson)
  })

  test('takes several nodes, and refuses what is none', async () => {
    const { exitCode } = await run('auction', 'list', '--node', `http://127.0.0.1:1,${node.url}/`)
    expect(exitCode).toBe(0)
    const refused = await run('auction', 'list', '--node', 'localhost:8080')
    expect(refused.exitCode).toBe(2)
    expect(refused.err).toContain('--node')
    expect(refused.err).toContain('http://HOST:PORT')
  })
})

describe('a value that cannot be meant is named, with what is allowed', () => {
  test.each([
    [['serve', '--port', '70000'], '--port', '0 to 65535'],
    [['serve', '--forward-bids', 'perhaps'], '--forward-bids', 'on, off'],
    [['serve', '--session-timeout-ms', 'soon'], '--session-timeout-ms', '1000 to 60000'],
    [['serve', '--log-level', 'loud'], '--log-level', 'silent, error, warn, info, debug'],
    [['serve', '--link-url', 'n1:80'], '--link-url', 'http://HOST:PORT'],
    [['serve', '--advertise-url', 'n1:80'], '--advertise-url', 'http://HOST:PORT'],
    [['serve', '--allow-origin', 'https://a.org/x'], '--allow-origin', 'without a path'],
    [['serve', '--demo-control', 'https://a.org'], '--demo-control', 'http://127.0.0.1:PORT'],
    [['serve', '--trusted-proxy', '10.0.0.0/40'], '--trusted-proxy', '10.0.0.0/8'],
    [['serve', '--node-limit', 'readsBurst=0'], '--node-limit', 'NAME=WHOLE-NUMBER'],
    [['serve', '--node-limit', 'readsburst=5'], '--node-limit', 'readsBurst'],
    [['serve', '--node-limit', 'pageItemsMax=9'], 'pageItemsMax', 'part of the protocol'],
    [['serve', '--node-limit', 'bidsBurst=9'], 'bidsBurst (9)', 'below bidsPerSecond (200)'],
    [['serve', '--node-limit', 'headersTimeoutMs=60000'], 'headersTimeoutMs', 'requestTimeoutMs'],
    [['serve', '--operator-token', 'short'], '--operator-token', '16 to 256'],
    [['serve', '--operator-token-file', '/nowhere'], '--operator-token-file', 'not there'],
    [['serve', '--store', 'redis://x'], 'redis://x', 'zookeeper://'],
    [['serve', '--node-id', 'a b', '--store', 'memory:'], 'a b', 'letters, digits'],
    [['auction', 'create', '--title', 'x', '--soft-close', '30'], '--soft-close', '30s/60s/add/10'],
    [['auction', 'create', '--title', 'x', '--increment', 'one'], '--increment', 'FROM:STEP'],
    [['auction', 'create', '--title', 'x', '--duration-ms', '5'], '--duration-ms', '1000 to'],
    [['auction', 'create', '--title', 'x'], 'needs an end', '--duration-ms'],
    [['auction', 'create'], '--title', 'required'],
    [['bid', 'x', '1,50'], 'amount', '120.50'],
    [['bid', 'x', '1', '--bid-id', 'short'], '--bid-id', '8 to 64'],
    [['watch', 'x', '--after', '12'], '--after', 'EPOCH:SEQ'],
  ])('%j', async (args, named, allowed) => {
    const { exitCode, err, out } = await run(...args)
    expect(exitCode).toBe(2)
    expect(err).toContain(named)
    expect(err).toContain(allowed)
    expect(out).toBe('')
  })

  test('also where it comes from the environment', async () => {
    process.env['LOTKEEPER_PORT'] = 'eighty'
    const { exitCode, err } = await run('serve')
    expect(exitCode).toBe(2)
    expect(err).toContain('LOTKEEPER_PORT')
  })
})
