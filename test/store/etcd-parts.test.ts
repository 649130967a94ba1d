import type { IRangeRequest, ITxnRequest } from 'etcd3'
import { describe, expect, it } from 'vitest'
import { freePorts } from '../../src/ensemble/free-port.ts'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { Suspended } from '../../src/store/errors.ts'
import { openEtcdStore } from '../../src/store/etcd/etcd-store.ts'
import { gatherRanges, type Range } from '../../src/store/etcd/gathered-ranges.ts'
import { createKeyLayout } from '../../src/store/etcd/key-layout.ts'
import { createPolls, pollEveryMs, type Polled } from '../../src/store/etcd/polls.ts'
import type { Link } from '../../src/store/etcd/link.ts'
import { createReads, createSeen } from '../../src/store/etcd/reads.ts'
import { createSessionHandle } from '../../src/store/etcd/session-handle.ts'
import { createWatchBudget } from '../../src/store/etcd/watch-budget.ts'
import type { Watched } from '../../src/store/etcd/watch-line.ts'
import { storeLimits } from '../../src/store/store.ts'
import { createManualClock } from '../support/manual-clock.ts'

describe('a session by our own clock', () => {
  function openSession() {
    const clock = createManualClock()
    const told: string[] = []
    const handle = createSessionHandle({
      clock,
      leaseId: '255',
      sentMs: clock.monotonicMs(),
      timeoutMs: 6_000,
      onChange: ({ state }) => told.push(state),
    })
    return { clock, handle, told }
  }

  it('is suspended by a third of its timeout of silence, lost by the whole', async () => {
    const { clock, handle, told } = openSession()
    await clock.advance(1_999)
    expect(handle.session.state).toBe('serving')
    await clock.advance(1)
    expect(told).toEqual(['suspended'])
    await clock.advance(3_999)
    expect(handle.session.lost.aborted).toBe(false)
    await clock.advance(1)
    expect(told).toEqual(['suspended', 'lost'])
    expect(handle.session.lost.aborted).toBe(true)
    expect(clock.armedCount).toBe(0)
  })

  it('counts an answer from when its question was sent', async () => {
    const { clock, handle, told } = openSession()
    const sentMs = clock.monotonicMs() + 500
    await clock.advance(1_900)
    handle.heard(sentMs)
    await clock.advance(599)
    expect(told).toEqual([])
    await clock.advance(1)
    expect(told).toEqual(['suspended'])
    handle.heard(clock.monotonicMs())
    expect(told).toEqual(['suspended', 'serving'])
  })

  it('stays lost, whoever answers afterwards', async () => {
    const { clock, handle, told } = openSession()
    await clock.advance(6_000)
    handle.heard(clock.monotonicMs())
    expect(handle.session.state).toBe('lost')
    expect(told).toEqual(['suspended', 'lost'])
  })

  it('does not care for the wall clock', async () => {
    const { clock, handle } = openSession()
    clock.jumpWall(86_400_000)
    await clock.advance(1_000)
    expect(handle.session.state).toBe('serving')
  })

  it('is named by its lease, in letters and digits', () => {
    expect(openSession().handle.session.id).toBe('ff')
  })
})

describe('the key layout', () => {
  const layout = createKeyLayout('lotkeeper')

  it('keeps the leaves of a directory together and apart from those below', () => {
    const { key, range_end } = layout.leavesOf('log/1')
    const isListed = (leaf: string) => {
      const raw = layout.leaf(leaf)
      return raw.compare(key) >= 0 && raw.compare(range_end) < 0
    }
    expect(isListed('log/1/0000000001')).toBe(true)
    expect(isListed('log/1/~')).toBe(true)
    for (const other of ['log/1', 'log/10/1', 'log/1/deep/1', 'log/1.a/1', 'log']) {
      expect(isListed(other), other).toBe(false)
    }
  })

  it('finds the way back', () => {
    for (const key of ['clock', 'live/7', 'locks/a.b~c/1_2-3']) {
      expect(layout.keyOf(layout.leaf(key))).toBe(key)
    }
  })
})

describe('a plain read', () => {
  it('that is older than what was seen is asked again, through the quorum', async () => {
    const seen = createSeen()
    const asked: string[] = []
    let revision = 7
    const { get, list } = createReads({
      seen,
      layout: createKeyLayout('lotkeeper'),
      async call({ isQuorum, send }) {
        asked.push(isQuorum ? 'quorum' : 'server')
        const range = async ({ serializable }: IRangeRequest) => {
          expect(serializable).toBe(!isQuorum)
          return { header: { revision: String(isQuorum ? 9 : revision) }, kvs: [], more: false }
        }
        return send({ kv: { range } } as unknown as Link, { deadline: 0 })
      },
    })
    await get('head')
    expect(seen.revision).toBe(7)
    seen.at('8')
    await get('head')
    expect(seen.revision).toBe(9)
    revision = 9
    await list('log')
    await get('head', { fresh: true })
    expect(asked).toEqual(['server', 'server', 'quorum', 'server', 'quorum'])
  })
})

describe('reads that are asked in one turn', () => {
  const kv = (key: Buffer | undefined) => ({ key, value: key, mod_revision: '3' })
  function openServer() {
    const asked: string[] = []
    const one = (request: IRangeRequest) => ({ kvs: [kv(request.key)], more: false })
    const header = { revision: '9' }
    const server = {
      async range(request: IRangeRequest) {
        asked.push(request.serializable === true ? 'plain' : 'fresh')
        return { header, ...one(request) }
      },
      async txn({ success = [] }: ITxnRequest) {
        const requests = success.map(({ request_range }) => must(request_range, 'a read'))
        const kinds = new Set(requests.map(({ serializable }) => serializable))
        expect(kinds.size).toBe(1)
        asked.push(`${requests.length} ${kinds.has(true) ? 'plain' : 'fresh'}`)
        const responses = requests.map((request) => ({ response_range: one(request) }))
        return { header, succeeded: true, responses }
      },
    }
    return { asked, link: { kv: server } as unknown as Link, server }
  }
  const read = (range: Range, link: Link, name: string, serializable: boolean) =>
    range(link, { key: Buffer.from(name), serializable }, { deadline: 0 }).then(
      ({ header, kvs }) => `${kvs[0]?.value.toString()} at ${header.revision}`,
    )

  it('go in one question, plain and fresh ones apart, and each has its own answer', async () => {
    const { asked, link } = openServer()
    const range = gatherRanges()
    const names = ['a', 'b', 'c', 'd', 'e']
    const answers = names.map((name, index) => read(range, link, name, index % 2 === 0))
    expect(await Promise.all(answers)).toEqual(names.map((name) => `${name} at 9`))
    expect(asked).toEqual(['3 plain', '2 fresh'])
    expect(await read(range, link, 'alone', false)).toBe('alone at 9')
    expect(asked.at(-1)).toBe('fresh')
  })

  it('stay apart where they go to different servers, and are at most ten', async () => {
    const [first, second] = [openServer(), openServer()]
    const range = gatherRanges()
    const answers = Array.from({ length: 26 }, (_, index) =>
      read(range, (index < 25 ? first : second).link, String(index), true),
    )
    expect(await Promise.all(answers)).toHaveLength(26)
    expect(first.asked).toEqual(['10 plain', '10 plain', '5 plain'])
    expect(second.asked).toEqual(['plain'])
  })

  it('fail with the question that they went in, and with no other', async () => {
    const { link, server } = openServer()
    server.txn = () => Promise.reject(new Error('no answer'))
    const range = gatherRanges()
    const fresh = read(range, link, 'fresh', false)
    const plain = ['a', 'b'].map((name) => read(range, link, name, true))
    expect((await Promise.allSettled(plain)).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ])
    expect(await fresh).toBe('fresh at 9')
  })
})

describe('watches without a word from the server', () => {
  it('are looked at every second beyond the budget, every ten within', async () => {
    const clock = createManualClock()
    const prints = new Map([
      ['polled', '1'],
      ['watched', '1'],
    ])
    const rung: string[] = []
    const targets = ['polled', 'watched'].map((name) => ({
      name,
      keys: { key: Buffer.from(name) },
      isPolled: name === 'polled',
      fingerprint: '1',
    }))
    const polls = createPolls<Polled & { name: string }>({
      clock,
      targets: () => targets,
      isServing: () => true,
      look: async (keys) => keys.map(({ key }) => prints.get(key.toString())!),
      ring: ({ name }) => rung.push(name),
    })
    polls.start()
    await clock.advance(pollEveryMs)
    expect(rung).toEqual([])
    prints.set('polled', '2')
    prints.set('watched', '2')
    await clock.advance(pollEveryMs)
    expect(rung).toEqual(['polled'])
    await clock.advance(8 * pollEveryMs)
    expect(rung).toEqual(['polled', 'watched'])
    polls.stop()
    expect(clock.armedCount).toBe(0)
  })

  it('a failed look is repeated, and none is made while the store does not serve', async () => {
    const clock = createManualClock()
    let isServing = false
    let lookCount = 0
    const rung: string[] = []
    const polls = createPolls({
      clock,
      targets: () => [{ keys: { key: Buffer.from('a') }, isPolled: true, fingerprint: undefined }],
      isServing: () => isServing,
      look: async () => {
        if (++lookCount === 1) throw new Error('no answer')
        return ['1']
      },
      ring: () => rung.push('a'),
    })
    polls.start()
    await clock.advance(3 * pollEveryMs)
    expect(lookCount).toBe(0)
    isServing = true
    await clock.advance(pollEveryMs)
    expect([lookCount, rung.length]).toEqual([1, 0])
    await clock.advance(pollEveryMs)
    expect([lookCount, rung.length]).toEqual([2, 1])
    polls.stop()
  })

  it('one that was polled gets the next watcher that falls free', () => {
    const armed = new Set<Watched>()
    const budget = createWatchBudget({
      metrics: silentMetrics,
      line: {
        add: (watched) => armed.add(watched),
        remove: (watched) => armed.delete(watched),
        useLink: () => undefined,
        close: () => undefined,
      },
    })
    const targets = Array.from({ length: storeLimits.watchesMax + 2 }, () => ({
      ...{ keys: { key: Buffer.from('a') }, ring: () => undefined },
      ...{ isPolled: false, fingerprint: undefined },
    }))
    for (const target of targets) budget.place(target)
    expect(armed.size).toBe(storeLimits.watchesMax)
    const [first, second] = targets
    const [heir, last] = targets.slice(-2)
    budget.release(first!)
    expect(armed.has(heir!)).toBe(true)
    expect(heir!.isPolled).toBe(false)
    budget.release(last!)
    budget.release(second!)
    expect(armed.size).toBe(storeLimits.watchesMax - 1)
  })
})

describe('opening a store', () => {
  it('fails as suspended when no server lets us in within the session timeout', async () => {
    const servers = (await freePorts(2)).map((port) => `127.0.0.1:${port}`)
    const opening = openEtcdStore({
      ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
      ...{ permanentRoots: [], sessionTimeoutMs: 500, servers, root: 'lotkeeper' },
    })
    await expect(opening).rejects.toThrow(Suspended)
  })
})
