import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilStanding, untilText, visit, type Visit } from '../../browser/visit.ts'
import { findBackend } from '../../support/backends.ts'
import { findChromium, launchChromium } from '../../support/chromium.ts'
import { defaultOptions } from '../options.ts'
import { playOutage, violationsText } from './play-outage.ts'

/**
 * The short form of `npm run outage`: away for longer than a session, so that all of them end meanwhile. Not shorter: a busy
 * machine is silent for a second by itself, and shorter sessions take that for an outage.
 */
const short = { sessionTimeoutMs: 6_000, outageMs: 10_000 }
const withinMs = 240_000
const chromium = findChromium()

let browser: Browser | undefined
beforeAll(async () => {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'inherit', 'inherit'] })
  if ('path' in chromium) browser = await launchChromium(chromium)
})
afterAll(() => browser?.close())

// Two minutes a store: etcd's quorum is lost in the short form of the faults, and in `npm run outage -- --store etcd`.
for (const store of ['zookeeper'] as const) {
  const backend = await findBackend(store, { size: 3, hurtsMembers: true })

  describe.skipIf(backend === undefined)(`three nodes on three ${store} servers`, () => {
    it(
      'say "paused" without a quorum, close nothing, and give the time back once, whatever becomes of the leader',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-outage-'))
        const { program } = defaultOptions
        const told: string[] = []
        const pages: Visit[] = []
        const { scenes, violations } = await playOutage(
          { ...short, store, program, folder },
          (progress) => told.push(progress),
          {
            async beforehand({ nodeUrl, auctionId }) {
              if (browser === undefined) return
              const page = await visit(browser, `${nodeUrl}/auction/${auctionId}`)
              pages.push(page)
              await untilText(page.connection, /Live/)
            },
            async whilePaused() {
              for (const page of pages) {
                await untilText(page.connection, /Paused/)
                await untilStanding(page, 'Paused')
              }
            },
          },
        )
        for (const page of pages) {
          await untilStanding(page, 'Ended', 20_000)
          await page.close()
        }
        const all = [...told, folder].join('\n')
        expect(
          scenes.flatMap(({ complaints }) => complaints),
          all,
        ).toEqual([])
        expect(violations, `${all}\n${violationsText(violations)}`).toEqual([])
        rmSync(folder, { recursive: true, force: true })
      },
      withinMs,
    )
  })
}
