import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openEmbeddedStore } from '../../src/store/embedded/embedded-store.ts'

let above: string
let folder: string
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'lotkeeper-private-'))
  folder = join(above, 'data')
})
afterEach(() => rmSync(above, { recursive: true, force: true }))

const open = () =>
  openEmbeddedStore({
    ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
    ...{ permanentRoots: [], sessionTimeoutMs: 6_000, folder },
  })
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
const modes = () =>
  ['data.mdb', 'data.mdb-lock', 'in-use.sock'].map((name) => [name, modeOf(join(folder, name))])
const allClosed = [
  ['data.mdb', '600'],
  ['data.mdb-lock', '600'],
  ['in-use.sock', '600'],
]

describe('nobody else on the machine reads an embedded store', () => {
  it.each(['not there', 'there and open', 'of an older version'])(
    'in a folder that is %s',
    async (how) => {
      if (how !== 'not there') mkdirSync(folder)
      if (how !== 'not there') chmodSync(folder, 0o755)
      if (how === 'of an older version') {
        await (await open()).close()
        for (const [path, mode] of [
          [folder, 0o755],
          [join(folder, 'data.mdb'), 0o644],
        ] as const)
          chmodSync(path, mode)
      }
      const store = await open()
      expect(modeOf(folder)).toBe('700')
      expect(modes()).toEqual(allClosed)
      await store.close()
    },
  )

  it.each(['there', 'as sticky as /tmp'])('and no folder of others is closed: %s', async (how) => {
    mkdirSync(folder)
    chmodSync(folder, how === 'there' ? 0o755 : 0o1777)
    writeFileSync(join(folder, 'thesis.txt'), '')
    const mode = modeOf(folder)
    await expect(open()).rejects.toThrow(/chmod 700/)
    expect(modeOf(folder)).toBe(mode)
    expect(existsSync(join(folder, 'data.mdb'))).toBe(false)
    chmodSync(folder, 0o700)
    await (await open()).close()
  })
})
