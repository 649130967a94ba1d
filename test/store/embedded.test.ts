import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openEmbeddedStore } from '../../src/store/embedded/embedded-store.ts'
import { describeStore } from './conformance/describe-store.ts'

const oneProcess = 'one process has the folder, and no network is between'

describeStore(
  'embedded',
  {
    sessionTimeoutMs: 600,
    lacks: {
      'many clients': oneProcess,
      expire: oneProcess,
      silence: oneProcess,
      'drop reply': oneProcess,
    },
  },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-embedded-'))
    return {
      open: (options) =>
        openEmbeddedStore({
          clock: systemClock,
          entropy: systemEntropy,
          log: silentLog,
          metrics: silentMetrics,
          permanentRoots: ['perm'],
          sessionTimeoutMs: options?.sessionTimeoutMs ?? 600,
          folder,
        }),
      close: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
)
