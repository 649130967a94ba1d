import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { createEtcdFixture } from '../support/etcd-backend.ts'
import { eventually } from '../support/eventually.ts'
import { describeStore } from './conformance/describe-store.ts'
import { openQuietConnections, type QuietConnections } from './quiet-connections.ts'

const sessionTimeoutMs = 3_000
const backend = await findBackend('etcd', { size: 1 })

describe.skipIf(backend === undefined)('on a real server', () => {
  let provided: ProvidedStore
  let quiet: QuietConnections
  // What they show takes half a minute: it goes by while the tests of the port run.
  beforeAll(async () => {
    provided = await must(backend, 'backend').start()
    quiet = await openQuietConnections(must(provided.servers[0], 'server'))
  })
  afterAll(async () => {
    quiet.close()
    await provided.stop()
  })

  describeStore('etcd', { sessionTimeoutMs, lacks: {} }, async () =>
    createEtcdFixture(must(provided.servers[0], 'server'), { sessionTimeoutMs }),
  )

  it('pings on a quiet connection every second are refused; every six seconds they are not', async () => {
    // Etcd forgives two pings that come too early; the fourth of the seldom ones is past.
    const pastMs = quiet.sinceMs + 26_000
    const { dropped } = quiet
    await eventually(() => dropped.often > 0 && performance.now() > pastMs, { withinMs: 60_000 })
    expect(dropped.seldom).toBe(0)
  })
})
