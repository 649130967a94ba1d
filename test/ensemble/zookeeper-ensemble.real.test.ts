import { afterEach, describe, expect, test } from 'vitest'
import type { Ensemble } from '../../src/ensemble/ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import { findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'

const backend = await findBackend('zookeeper', { size: 3, hurtsMembers: true })

describe.skipIf(backend === undefined)('a local ZooKeeper ensemble', () => {
  let ensemble: Ensemble | undefined
  afterEach(() => ensemble?.stop())

  const leaders = async (of: Ensemble) => {
    const answers = await Promise.all(of.members.map((member) => member.isLeader()))
    return of.members.filter((_, index) => answers[index])
  }

  test('of one leads itself and keeps its ports through a restart', async () => {
    ensemble = await startZookeeperEnsemble({ size: 1 })
    const [member] = ensemble.members
    expect(ensemble.storeUrl('here')).toBe(`zookeeper://127.0.0.1:${member!.clientPort}/here`)
    expect(await member!.isLeader()).toBe(true)
    await member!.kill()
    expect(member!.pid).toBeUndefined()
    expect(await member!.isLeader()).toBe(false)
    await member!.restart()
    expect(await member!.isLeader()).toBe(true)
  })

  test('of three has one leader, and another one after it was frozen', async () => {
    const started = await startZookeeperEnsemble({ size: 3 })
    ensemble = started
    const [first] = await leaders(started)
    expect(await leaders(started)).toHaveLength(1)
    first!.pause()
    await eventually(
      async () => {
        const [leader] = await leaders(started)
        return leader !== undefined && leader !== first
      },
      { withinMs: 30_000 },
    )
    first!.resume()
  })

  test('takes its processes along when it stops', async () => {
    const stopped = await startZookeeperEnsemble({ size: 1 })
    const pid = stopped.members[0]!.pid!
    await stopped.stop()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})
