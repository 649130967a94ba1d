import { describe, expect, it } from 'vitest'
import { createStoreServers } from '../../src/engine/store-servers.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreServer } from '../../src/store/survey.ts'
import { createZookeeperSurvey } from '../../src/store/zookeeper/survey.ts'
import { createManualClock } from '../support/manual-clock.ts'

const zookeeper = {
  one: 'Zookeeper version: 3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on …\nMode: leader\n',
  two: 'This ZooKeeper instance is not currently serving requests\n',
  three: 'srvr is not executed because it is not in the whitelist.\n',
}

describe('the servers of the store', () => {
  it('are told by what each ZooKeeper server says of itself, and no more', async () => {
    const survey = createZookeeperSurvey(['one:2181', 'two', 'three', 'four'], async (asked) => {
      const answer = zookeeper[asked.host as keyof typeof zookeeper] as string | undefined
      if (answer === undefined) throw new Error('ECONNREFUSED')
      return answer
    })
    expect(await survey()).toEqual([
      { server: 'one:2181', state: 'serving', role: 'leader', version: '3.8.0' },
      { server: 'two', state: 'not-serving', role: null, version: null },
      { server: 'three', state: 'unknown', role: null, version: null },
      { server: 'four', state: 'silent', role: null, version: null },
    ])
  })

  it('are asked while somebody looks, and nobody waits for them twice', async () => {
    const clock = createManualClock()
    const answers: ((found: StoreServer[]) => void)[] = []
    const servers = createStoreServers({
      clock,
      store: { health: () => ({ servers: ['b:1'] }) } as unknown as Store,
      survey: () => new Promise((resolve) => answers.push(resolve)),
    })
    const found = (version: string): StoreServer[] =>
      ['a:1', 'b:1'].map((server) => ({ server, state: 'serving', role: null, version }))
    const first = servers.look()
    answers[0]?.(found('1'))
    expect((await first).map(({ isOurs }) => isOurs)).toEqual([false, true])
    await servers.look()
    expect(answers).toHaveLength(1)
    await clock.advance(2_500)
    expect((await servers.look())[0]?.version).toBe('1')
    expect(answers).toHaveLength(2)
    answers[1]?.(found('2'))
    await clock.advance(1)
    expect((await servers.look())[0]?.version).toBe('2')
  })

  it('do not keep who looks first for long', async () => {
    const clock = createManualClock()
    const store = { health: () => ({ servers: [] }) } as unknown as Store
    const servers = createStoreServers({ clock, store, survey: () => new Promise(() => undefined) })
    const look = servers.look()
    await clock.advance(500)
    expect(await look).toEqual([])
  })
})
