import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest'
import { must } from '../../../src/lib/assert.ts'
import type { Store } from '../../../src/store/store.ts'
import type { Ability, StoreFixture, StoreManifest } from './fixture.ts'

/** What one test works with: its own directories on the shared server, and clients that are closed after it. */
export interface Bench {
  readonly manifest: StoreManifest
  /** A directory that nobody else uses; its keys may be deleted. */
  readonly root: string
  /** Another one, below a permanent root. */
  readonly permanent: string
  readonly open: (options?: { sessionTimeoutMs?: number }) => Promise<Store>
  readonly expire: (store: Store) => Promise<void>
  readonly silence: (store: Store) => Promise<void>
  readonly heal: (store: Store) => Promise<void>
  readonly dropNextReply: (store: Store) => Promise<void>
}

/** Of the tests that hurt nobody: a busy machine must not look like a broken store. */
const calmTimeoutMs = 8_000

/** Registers a test, or names the skip after what this backend lacks. */
export type Promised = (
  name: string,
  needs: readonly Ability[],
  run: (bench: Bench) => Promise<void>,
) => void

export function describeOnBench(
  name: string,
  manifest: StoreManifest,
  openFixture: () => Promise<StoreFixture>,
  suites: readonly ((promised: Promised, manifest: StoreManifest) => void)[],
): void {
  describe(`${name} keeps the promises of the port`, () => {
    let fixture: StoreFixture | undefined
    let opened: Store[] = []
    let skippedCount = 0

    beforeAll(async () => {
      fixture = await openFixture()
    }, 120_000)
    afterEach(async () => {
      const stores = opened
      opened = []
      await Promise.all(stores.map((store) => store.close()))
    })
    afterAll(async () => {
      if (skippedCount > 0)
        console.log(`${name}: ${skippedCount} promises skipped (see their names)`)
      await fixture?.close()
    })

    const promised: Promised = (promise, needs, run) => {
      const lacking = needs.find((ability) => manifest.lacks[ability] !== undefined)
      if (lacking !== undefined) {
        skippedCount++
        test.skip(
          `${promise} [skipped, lacks ${lacking}: ${must(manifest.lacks[lacking], 'reason')}]`,
        )
        return
      }
      test(promise, { timeout: 20_000 + 10 * manifest.sessionTimeoutMs }, async () => {
        await run(
          createBench(
            must(fixture, 'fixture'),
            manifest,
            opened,
            isCalm(needs) ? calmTimeoutMs : manifest.sessionTimeoutMs,
          ),
        )
      })
    }
    for (const suite of suites) suite(promised, manifest)
  })
}

const isCalm = (needs: readonly Ability[]) => needs.every((ability) => ability === 'many clients')

function createBench(
  fixture: StoreFixture,
  manifest: StoreManifest,
  opened: Store[],
  sessionTimeoutMs: number,
): Bench {
  const unique = randomUUID().slice(0, 13)
  return {
    manifest,
    root: `t-${unique}`,
    permanent: `perm/t-${unique}`,
    open: async (options) => {
      const store = await fixture.open({ sessionTimeoutMs, ...options })
      opened.push(store)
      return store
    },
    expire: async (store) => must(fixture.expire, 'expire')(store),
    silence: async (store) => must(fixture.silence, 'silence')(store),
    heal: async (store) => must(fixture.heal, 'heal')(store),
    dropNextReply: async (store) => must(fixture.dropNextReply, 'dropNextReply')(store),
  }
}
