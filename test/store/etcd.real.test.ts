import { describe } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { findBackend } from '../support/backends.ts'
import { createEtcdFixture } from '../support/etcd-backend.ts'
import { describeStore } from './conformance/describe-store.ts'

const sessionTimeoutMs = 3_000
const backend = await findBackend('etcd', { size: 1 })

describe.skipIf(backend === undefined)('on a real server', () => {
  describeStore('etcd', { sessionTimeoutMs, lacks: {} }, async () => {
    const provided = await must(backend, 'backend').start()
    const fixture = createEtcdFixture(must(provided.servers[0], 'server'), { sessionTimeoutMs })
    return {
      ...fixture,
      async close() {
        await fixture.close()
        await provided.stop()
      },
    }
  })
})
