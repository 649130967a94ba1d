import { expect } from 'vitest'
import { OutcomeUnknown } from '../../../src/store/errors.ts'
import type { Store } from '../../../src/store/store.ts'
import { eventually } from '../../support/eventually.ts'
import type { Bench, Promised } from './bench.ts'
import { listenTo } from './session.suite.ts'
import { create, freshly, outcomeOf, put, refusedBy, textOf, unchanged, win } from './words.ts'

export function faultSuite(promised: Promised): void {
  silenceCases(promised)
  sendingCases(promised)
  lostReplyCases(promised)
}

function silenceCases(promised: Promised) {
  promised(
    'silence suspends, and healing brings the same session back',
    ['silence'],
    async (bench) => {
      const store = await bench.open()
      const old = store.session
      const told = listenTo(store)
      const suspendedMs = await suspend(bench, store)
      expect(old.lost.aborted).toBe(false)
      await bench.heal(store)
      const healedMs = performance.now()
      await eventually(() => store.session.state === 'serving', {
        withinMs: bench.manifest.sessionTimeoutMs,
      })
      console.log(
        `suspended after ${suspendedMs.toFixed(0)} ms of silence, serving ${(performance.now() - healedMs).toFixed(0)} ms` +
          ` after healing (session timeout ${bench.manifest.sessionTimeoutMs} ms)`,
      )
      expect(store.session).toBe(old)
      expect(told).toEqual([`${old.id} suspended`, `${old.id} serving`])
      await win(store, [create(`${bench.root}/after`)])
    },
  )

  promised(
    'silence for a whole timeout loses the session',
    ['silence', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      const old = store.session
      const told = listenTo(store)
      await win(store, [create(`${bench.root}/locks/me`, 'x', old)])
      await suspend(bench, store)
      await eventually(() => old.lost.aborted, { withinMs: 3 * bench.manifest.sessionTimeoutMs })
      expect(await outcomeOf(win(store, [create(`${bench.root}/late`)]))).toBe('Suspended')
      await eventually(async () => !(await other.get(`${bench.root}/locks/me`, { fresh: true })), {
        withinMs: 10_000 + 3 * bench.manifest.sessionTimeoutMs,
      })
      await bench.heal(store)
      await eventually(() => store.session !== old && store.session.state === 'serving')
      expect(told).toEqual([`${old.id} suspended`, `${old.id} lost`, `${store.session.id} serving`])
      expect(await store.get(`${bench.root}/late`, { fresh: true })).toBeUndefined()
      await win(store, [create(`${bench.root}/locks/next`, 'x', store.session)])
    },
  )

  promised('one client’s silence is not another’s', ['silence', 'many clients'], async (bench) => {
    const [store, other] = [await bench.open(), await bench.open()]
    const told = listenTo(other)
    await suspend(bench, store)
    await win(other, [create(`${bench.root}/a`)])
    expect(told).toEqual([])
    await bench.heal(store)
    await eventually(() => store.session.state === 'serving')
  })
}

function sendingCases(promised: Promised) {
  promised('a suspended store fails every call at once', ['silence'], async (bench) => {
    const store = await bench.open()
    await suspend(bench, store)
    const startMs = performance.now()
    expect(await outcomeOf(store.get(`${bench.root}/a`))).toBe('Suspended')
    expect(await outcomeOf(store.get(`${bench.root}/a`, { fresh: true }))).toBe('Suspended')
    expect(await outcomeOf(store.list(bench.root))).toBe('Suspended')
    expect(await outcomeOf(win(store, [create(`${bench.root}/a`)]))).toBe('Suspended')
    expect(performance.now() - startMs).toBeLessThan(bench.manifest.sessionTimeoutMs / 2)
    await bench.heal(store)
  })

  promised('what was asked while suspended is never sent later', ['silence'], async (bench) => {
    const store = await bench.open()
    await suspend(bench, store)
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outcomeOf(win(store, [create(`${bench.root}/${index}`)])),
      ),
    )
    expect(new Set(outcomes)).toEqual(new Set(['Suspended']))
    await bench.heal(store)
    await eventually(() => store.session.state === 'serving')
    for (let index = 0; index < 50; index++) {
      expect(await store.get(`${bench.root}/${index}`, { fresh: true })).toBeUndefined()
    }
  })

  promised(
    'a commit under way when silence began is never called undone',
    ['silence', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      await bench.silence(store)
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          outcomeOf(win(store, [create(`${bench.root}/${index}`)])),
        ),
      )
      for (const outcome of outcomes) expect(['OutcomeUnknown', 'Suspended']).toContain(outcome)
      await bench.heal(store)
      await eventually(() => store.session.state === 'serving')
      await win(store, [create(`${bench.root}/after`)])
      for (const [index, outcome] of outcomes.entries()) {
        const isThere = (await other.get(`${bench.root}/${index}`, { fresh: true })) !== undefined
        if (isThere) expect(outcome, 'what was called not sent is there').toBe('OutcomeUnknown')
      }
    },
  )

  promised('a call ends with its deadline and with its signal', ['silence'], async (bench) => {
    const store = await bench.open()
    await bench.silence(store)
    const { sessionTimeoutMs } = bench.manifest
    const startMs = performance.now()
    const caller = new AbortController()
    const calls = [
      outcomeOf(store.get(`${bench.root}/a`, { deadlineMs: sessionTimeoutMs / 10 })),
      outcomeOf(
        store.commit(
          { guards: [], writes: [create(`${bench.root}/b`)] },
          { deadlineMs: sessionTimeoutMs / 10 },
        ),
      ),
      outcomeOf(
        store.commit(
          { guards: [], writes: [create(`${bench.root}/c`)] },
          { signal: caller.signal },
        ),
      ),
    ]
    caller.abort(new Error('the caller left'))
    const [get, byDeadline, bySignal] = await Promise.all(calls)
    expect(get).toBe('Suspended')
    expect(byDeadline).toBe('OutcomeUnknown')
    expect(bySignal).toBe('OutcomeUnknown')
    expect(performance.now() - startMs).toBeLessThan(sessionTimeoutMs)
    await bench.heal(store)
  })
}

function lostReplyCases(promised: Promised) {
  promised(
    'a commit whose answer is lost is unknown, and cannot happen twice',
    ['drop reply'],
    async (bench) => {
      const store = await bench.open()
      const head = `${bench.permanent}/head`
      const { versions } = await win(store, [create(head, 'one')])
      const guards = [unchanged({ key: head, version: versions.get(head)! })]
      const writes = [create(`${bench.root}/log/2`), put(head, 'two')]
      await bench.dropNextReply(store)
      await expect(store.commit({ guards, writes })).rejects.toThrow(OutcomeUnknown)
      await eventually(() => store.session.state === 'serving')
      expect(textOf(await freshly(store, head))).toBe('two')
      expect(await refusedBy(store, writes, guards)).toEqual(
        [`absent ${bench.root}/log/2`, `unchanged ${head}`].sort(),
      )
    },
  )

  promised('only the answer that was dropped is lost', ['drop reply'], async (bench) => {
    const store = await bench.open()
    await bench.dropNextReply(store)
    expect(await outcomeOf(win(store, [create(`${bench.root}/a`)]))).toBe('OutcomeUnknown')
    await eventually(() => store.session.state === 'serving')
    await win(store, [create(`${bench.root}/b`)])
    expect(await store.get(`${bench.root}/a`, { fresh: true })).toBeDefined()
  })
}

/** Silences the store's link and waits until it knows; how long that took, in milliseconds. */
async function suspend(bench: Bench, store: Store): Promise<number> {
  const startMs = performance.now()
  await bench.silence(store)
  await eventually(() => store.session.state === 'suspended', {
    withinMs: bench.manifest.sessionTimeoutMs,
    everyMs: 5,
    what: 'suspended within three times a third of the session timeout',
  })
  return performance.now() - startMs
}
