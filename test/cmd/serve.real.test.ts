import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../src/ensemble/free-port.ts'
import { eventually } from '../support/eventually.ts'
import { serve, spawnLotkeeper } from './child.ts'

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-serve-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a node', () => {
  test('prints one line when it serves, and drains on SIGTERM with exit 0', async () => {
    const { child, ready } = await serve(['--store', `embedded:${folder}/data`, '--node-id', 'n1'])
    expect(ready).toMatchObject({ nodeId: 'n1', pid: child.pid, store: 'embedded' })
    expect(ready.wsUrl).toBe(`${ready.url.replace('http', 'ws')}/ws`)
    expect((await fetch(`${ready.url}/healthz`)).status).toBe(200)
    child.signal('SIGTERM')
    expect(await child.exited).toBe(0)
    expect(child.out.trimEnd().split('\n')).toHaveLength(1)
  })

  test('is told by the environment what its flags do not say', async () => {
    const env = { LOTKEEPER_STORE: 'memory:', LOTKEEPER_NODE_ID: 'from-environment' }
    const { child, ready } = await serve(['--node-id', 'from-flag'], env)
    expect(ready).toMatchObject({ nodeId: 'from-flag', store: 'memory' })
    child.signal('SIGINT')
    expect(await child.exited).toBe(0)
  })

  // A store that accepts and says nothing holds the start, and so the stop.
  async function startOnMuteStore() {
    let isCalled = false
    const mute = createServer(() => (isCalled = true))
    mute.unref()
    const port = await listening(mute)
    const store = [
      '--store',
      `zookeeper://127.0.0.1:${port}/lotkeeper`,
      '--session-timeout-ms',
      '60000',
    ]
    const child = spawnLotkeeper(['serve', '--port', '0', ...store])
    await eventually(() => isCalled, { withinMs: 30_000 })
    child.signal('SIGTERM')
    await eventually(() => child.err.includes('draining'))
    return child
  }

  test('that is stopped while it starts exits 0', async () => {
    expect(await (await startOnMuteStore()).exited).toBe(0)
  })

  test('that cannot stop yet leaves at the second signal, with exit 1', async () => {
    const child = await startOnMuteStore()
    child.signal('SIGTERM')
    expect(await child.exited).toBe(1)
    expect(child.err).toContain('leaving now')
  })

  test('refuses a folder that another node has, and says whose it is', async () => {
    const store = ['--store', `embedded:${folder}/data`]
    const { child } = await serve(store)
    const second = spawnLotkeeper(['serve', '--port', '0', ...store])
    expect(await second.exited).toBe(1)
    expect(second.err).toContain(`in use by process ${child.pid}`)
    expect(second.out).toBe('')
  })

  test('refuses a port that is taken', async () => {
    const server = createServer()
    const port = await listening(server)
    const child = spawnLotkeeper(['serve', '--store', 'memory:', '--port', String(port)])
    expect(await child.exited).toBe(1)
    expect(child.err).toContain(`port ${port} of 127.0.0.1 is in use`)
    server.close()
  })

  test.each(['zookeeper', 'etcd'])('exits 5 when its %s cannot be reached', async (kind) => {
    const store = `${kind}://127.0.0.1:${await freePort()}/lotkeeper`
    const child = spawnLotkeeper([
      'serve',
      '--port',
      '0',
      '--store',
      store,
      '--session-timeout-ms',
      '2000',
    ])
    expect(await child.exited).toBe(5)
    expect(child.err).toContain('the store cannot be reached')
    expect(child.out).toBe('')
  })

  test('does not start with a planted bug', async () => {
    const child = spawnLotkeeper(['serve', '--store', 'memory:'], { LOTKEEPER_PLANT: 'no-fence' })
    expect(await child.exited).toBe(2)
    expect(child.err).toContain('LOTKEEPER_PLANT')
  })
})

test('login, create, bid and watch work against a node, one process each', async () => {
  const { ready } = await serve(['--store', 'memory:'])
  const at = ['--node', ready.url]
  const call = async (args: readonly string[], env: Record<string, string> = {}) => {
    const child = spawnLotkeeper([...args, ...at], env)
    const exitCode = await child.exited
    return { exitCode, out: child.out.trim(), err: child.err }
  }
  const seller = { LOTKEEPER_TOKEN: (await call(['login', 'Sam'])).out }
  const bidder = { LOTKEEPER_TOKEN: (await call(['login', 'Ann'])).out }
  const created = await call(
    ['auction', 'create', '--title', 'A brass sextant', '--duration-ms', '3600000', '--json'],
    seller,
  )
  const { id } = JSON.parse(created.out) as { id: string }
  const watch = spawnLotkeeper(['watch', id, '--json', ...at])
  const bid = ['bid', id, '120', '--bid-id', 'my-bid-01', '--json']
  expect(await call(bid, bidder)).toMatchObject({ exitCode: 0 })
  const again = await call(bid, bidder)
  expect(JSON.parse(again.out)).toMatchObject({ outcome: 'accepted', amount: '120.00' })
  expect(await call(['bid', id, '130'], seller)).toMatchObject({ exitCode: 4 })
  await eventually(() => watch.out.includes('BidAccepted'), { withinMs: 30_000 })
  watch.signal('SIGINT')
  expect(await watch.exited).toBe(130)
  expect(watch.out.match(/BidAccepted/g)).toHaveLength(1)
})
