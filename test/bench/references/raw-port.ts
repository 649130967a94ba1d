import { systemEntropy } from '../../../src/lib/entropy.ts'
import { must } from '../../../src/lib/assert.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { silentMetrics } from '../../../src/lib/metrics.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { openStore } from '../../../src/node/open-store.ts'
import type { Commit, Store } from '../../../src/store/store.ts'
import type { RawStore } from './raw-store.ts'

/** The stores that have no client library below the port: memory, and the embedded one. */
export async function openRawPort(url: string): Promise<RawStore> {
  const { store } = await openStore(url, {
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
    sessionTimeoutMs: 6_000,
  })
  let placeCount = 0
  const carryOut = async (commit: Commit, versionOf: string) => {
    const result = await store.commit(commit)
    if (!result.ok) throw new Error('a guard failed')
    return must(result.versions.get(versionOf), 'version')
  }
  return {
    prepare: async () => undefined,
    create: (key, value) => carryOut({ guards: [], writes: [{ kind: 'create', key, value }] }, key),
    async read(key) {
      const { value, version } = must(await store.get(key), key)
      return { value: Buffer.from(value), version }
    },
    put: (key, value, version) =>
      carryOut(
        { guards: [{ kind: 'unchanged', key, version }], writes: [{ kind: 'put', key, value }] },
        key,
      ),
    append({ present, head, slot }) {
      const guards = [
        { kind: 'present', key: present },
        { kind: 'unchanged', key: head.key, version: head.version },
      ] as const
      const put = { kind: 'put', key: head.key, value: head.value } as const
      return carryOut({ guards, writes: [{ kind: 'create', ...slot }, put] }, head.key)
    },
    acquire: (directory) => acquire(store, directory, ++placeCount),
    close: () => store.close(),
  }
}

async function acquire(store: Store, directory: string, number: number) {
  const key = `${directory}/${String(number).padStart(12, '0')}`
  const writes = [
    { kind: 'create', key, value: new Uint8Array(0), ephemeral: store.session },
  ] as const
  await store.commit({ guards: [], writes })
  for (;;) {
    const names = (await store.list(directory)).map((leaf) => leaf.key).sort()
    const before = names[names.indexOf(key) - 1]
    if (before === undefined) break
    await gone(store, before)
  }
  return async () => {
    await store.commit({ guards: [], writes: [{ kind: 'delete', key }] })
  }
}

async function gone(store: Store, key: string): Promise<void> {
  const over = new AbortController()
  for await (const _ of store.watch({ key }, { signal: over.signal })) {
    if ((await store.get(key)) === undefined) break
  }
  over.abort()
}
