import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import type { Store, StoreKind } from '../../src/store/store.ts'
import { storeVersionOf } from '../faults/versions.ts'
import { provideStore } from '../support/backends.ts'

/** A store without nodes. */
export interface StoreAlone {
  readonly open: () => Promise<Store>
  /** Undefined where a second client is not possible. */
  readonly openSecond: (() => Promise<Store>) | undefined
  /** `store`: which program its servers are, and of which version. Empty where there are no servers. */
  readonly versions: () => Promise<Readonly<Record<string, string>>>
  readonly stop: () => Promise<void>
}

const sessionTimeoutMs = 6_000

export async function provideStoreAlone(kind: StoreKind, size: 1 | 3 = 3): Promise<StoreAlone> {
  const world = createMemoryWorld({ clock: systemClock })
  const base = { clock: systemClock, entropy: systemEntropy, log: silentLog }
  const options = { ...base, metrics: silentMetrics, sessionTimeoutMs }
  const openAt = async (url: string) => (await openStore(url, options, world)).store
  if (kind === 'memory') {
    const open = () => openAt('memory:')
    return { open, openSecond: open, versions: async () => ({}), stop: async () => undefined }
  }
  if (kind === 'embedded') {
    const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-alone-'))
    return {
      open: () => openAt(`embedded:${folder}`),
      openSecond: undefined,
      versions: async () => ({}),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  }
  const provided = await provideStore(kind, { size })
  const open = () => openAt(`${kind}://${provided.servers.join(',')}/alone`)
  const [host = '', port = ''] = provided.servers[0]?.split(':') ?? []
  return {
    open,
    openSecond: open,
    versions: async () => ({ store: await storeVersionOf(kind, { host, port: Number(port) }) }),
    stop: () => provided.stop(),
  }
}
