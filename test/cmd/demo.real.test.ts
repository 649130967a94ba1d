import { expect, test } from 'vitest'
import { findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { spawnLotkeeper } from './child.ts'

const urlsOf = (out: string) => out.split('\n').filter((line) => line.startsWith('http://'))

test('a demo shows three nodes that agree, with robots that bid, and stops at an interrupt', async () => {
  const demo = spawnLotkeeper(
    ['demo', '--store', 'memory', '--port', '0', '--robots', '3'],
    // Who reads from a pipe gets no colours, also where a CI asks for them.
    { CI: 'true' },
  )
  const urls = await eventually(
    () => (urlsOf(demo.out).length === 3 ? urlsOf(demo.out) : undefined),
    {
      withinMs: 60_000,
    },
  )
  expect(demo.err).toContain('one memory store')
  const control = /^ *The demo: +(http:\S+)\/ *$/m.exec(demo.out)?.[1] ?? ''
  expect(demo.out.indexOf(control)).toBeLessThan(demo.out.indexOf(urls[0]!))
  const bidsAt = async (url: string) => {
    const response = await fetch(`${url}/api/v1/auctions`)
    const { items } = (await response.json()) as { items: { bidCount: number }[] }
    return items.reduce((sum, { bidCount }) => sum + bidCount, 0)
  }
  for (const url of urls)
    await eventually(async () => (await bidsAt(url)) > 0, {
      withinMs: 30_000,
      what: `bids at ${url}`,
    })
  const told = async (nodeId: string, deed: string) => {
    const headers = { origin: control }
    const answer = await fetch(`${control}/nodes/${nodeId}/${deed}`, { method: 'POST', headers })
    return { status: answer.status, text: await answer.text() }
  }
  expect(await told('n1', 'freeze')).toMatchObject({ status: 409 })
  expect((await told('n1', 'kill')).text).toContain('"state":"dead"')
  await expect(fetch(`${urls[0]}/healthz`)).rejects.toThrow()
  const before = await bidsAt(urls[2]!)
  await eventually(async () => (await bidsAt(urls[2]!)) > before, { withinMs: 30_000 })
  expect((await told('n1', 'restart')).status).toBe(200)
  expect(await bidsAt(urls[0]!)).toBeGreaterThan(0)
  demo.signal('SIGINT')
  expect(await demo.exited).toBe(130)
  expect(demo.err).toMatch(/bids: [1-9]\d* accepted.* lost: 0$/m)
})

const etcd = await findBackend('etcd', { size: 3, hurtsMembers: true })

test.skipIf(etcd === undefined)(
  'a demo on a store whose program is there runs each node as a process of its own, and ends them',
  async () => {
    const demo = spawnLotkeeper(['demo', '--store', 'etcd', '--port', '0', '--robots', '1'])
    const pids = await eventually(
      () => /pids ([\d, ]+)\)\. Ctrl-C/.exec(demo.err)?.[1]?.split(', ').map(Number),
      { withinMs: 60_000 },
    )
    expect(pids).toHaveLength(3)
    for (const pid of pids) expect(process.kill(pid, 0)).toBe(true)
    demo.signal('SIGINT')
    expect(await demo.exited).toBe(130)
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  },
)
