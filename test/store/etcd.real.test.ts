import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { createEtcdFixture } from '../support/etcd-backend.ts'
import { describeStore } from './conformance/describe-store.ts'

const sessionTimeoutMs = 3_000

describeStore('etcd', { sessionTimeoutMs, lacks: {} }, async () => {
  const ensemble = await startEtcdEnsemble({ size: 1 })
  const fixture = createEtcdFixture(ensemble, { sessionTimeoutMs })
  return {
    ...fixture,
    async close() {
      await fixture.close()
      await ensemble.stop()
    },
  }
})
