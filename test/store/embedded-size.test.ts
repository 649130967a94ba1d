import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { type OpenedStore, openStore } from '../../src/node/open-store.ts'
import { create, remove, win } from './conformance/words.ts'

let folder: string
let opened: OpenedStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-size-'))
  opened = await openStore(`embedded:${folder}`, {
    ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
    ...{ sessionTimeoutMs: 6_000, bytesMax: 10 * 1024 ** 2 },
  })
})
afterEach(async () => {
  await opened.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const names = Array.from({ length: 40 }, (_, n) => `lot/${n}`)

it('an embedded store counts what it holds, and no more what was removed', async () => {
  const empty = await opened.measure()
  await win(
    opened.store,
    names.map((key) => create(key, 'x'.repeat(10_000))),
  )
  const filled = await opened.measure()
  expect(filled.keys! - empty.keys!).toBe(40)
  expect(filled.bytes! - empty.bytes!).toBeGreaterThan(400_000)
  expect(filled.bytesMax).toBe(10 * 1024 ** 2)
  await win(opened.store, names.map(remove))
  const emptied = await opened.measure()
  expect(emptied.keys).toBe(empty.keys)
  expect(emptied.bytes! - empty.bytes!).toBeLessThan(100_000)
})
