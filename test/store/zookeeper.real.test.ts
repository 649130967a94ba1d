import { describe } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { findBackend } from '../support/backends.ts'
import { createZookeeperFixture } from '../support/zookeeper-backend.ts'
import { describeStore } from './conformance/describe-store.ts'

const backend = await findBackend('zookeeper', { size: 1 })
const sessionTimeoutMs = 3_000

describe.skipIf(backend === undefined)('a real ZooKeeper', () => {
  describeStore('zookeeper', { sessionTimeoutMs, lacks: {} }, async () => {
    const provided = await must(backend, 'backend').start()
    const fixture = createZookeeperFixture(must(provided.servers[0], 'server'), {
      sessionTimeoutMs,
    })
    return {
      ...fixture,
      async close() {
        await fixture.close()
        await provided.stop()
      },
    }
  })
})
