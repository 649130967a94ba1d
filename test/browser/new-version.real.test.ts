import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stampOfflinePage } from '../../frontend/offline-stamp.ts'
import { must } from '../../src/lib/assert.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { builtPages } from './built-pages.ts'
import { startStubCluster, type StubCluster } from './stub-cluster.ts'
import { visit } from './visit.ts'

const chromium = findChromium()

/** As a build does it: scripts of another name, the page that loads them, another page for when no node answers. */
async function buildNext(folder: string, version: string): Promise<void> {
  const rewrite = async (name: string, change: (text: string) => string) => {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    const changed = change(text)
    if (changed === text) throw new Error(`${name} is as before`)
    await writeFile(path, changed)
  }
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  const script = must(/assets\/[\w-]+\.js/.exec(page.slice(page.indexOf('<script')))?.[0], 'script')
  const next = `assets/main-${version}.js`
  await rewrite(script, (text) =>
    text.replace(/^(globalThis\.builtAs = '\w+';)?/, `globalThis.builtAs = '${version}';`),
  )
  await rename(join(folder, script), join(folder, next))
  await rewrite('index.html', (text) => text.replaceAll(script, next))
  await rewrite('offline.html', (text) => text.replace(/<h1>[^<]*/, `<h1>No node (${version})`))
  stampOfflinePage(folder)
}

const builtAs = (page: Page) => page.evaluate<string | undefined>('globalThis.builtAs')

/** The text of the page that the browser keeps for when no node answers; of all that it keeps. */
const keptTexts = (page: Page) =>
  page.evaluate<string[]>(`caches.keys().then((names) =>
    Promise.all(names.map(async (name) => {
      const answer = await (await caches.open(name)).match('/offline.html')
      return answer === undefined ? name : answer.text()
    })))`)

/** How far its workers are, for when it does not get there. */
const workersOf = (page: Page) =>
  page.evaluate<string>(`navigator.serviceWorker.getRegistration().then((registration) =>
    ['installing', 'waiting', 'active'].map((name) => name + ' ' + registration?.[name]?.state).join(', '))`)

describe.skipIf('missing' in chromium)('an installed web app', () => {
  let browser: Browser
  let folder: string
  let cluster: StubCluster

  beforeAll(async () => {
    browser = await launchChromium(chromium)
    folder = await mkdtemp(join(tmpdir(), 'lotkeeper-version-'))
    await cp(builtPages(), folder, { recursive: true })
    cluster = await startStubCluster({ webFolder: folder })
  })
  afterAll(async () => {
    await browser.close()
    await cluster.close()
    await rm(folder, { recursive: true })
  })

  it('is the new version from the next load on, and keeps nothing of the one before', async () => {
    const url = must(cluster.nodes[0], 'node').url
    const { page, complaints } = await visit(browser, url, { serviceWorkers: 'allow' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    await eventually(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'))
    expect(await builtAs(page)).toBeUndefined()

    // The worker stays alive from one version to the next, as it does where a tab is open.
    for (const version of ['second', 'third']) {
      await buildNext(folder, version)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await builtAs(page)).toBe(version)
      const isKept = async () => {
        const texts = await keptTexts(page)
        const titles = texts.map((text) => /<h1>[^<]*/.exec(text)?.[0] ?? text)
        if (titles.length === 1 && titles[0] === `<h1>No node (${version})`) return true
        throw new Error(`kept: ${titles.join(', ')}; ${await workersOf(page)}`)
      }
      await eventually(isKept, { withinMs: 30_000 })
    }
    const scripts = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`,
    )
    expect(scripts.filter((name) => /\/assets\/(index|main)-/.test(name))).toEqual([
      `${url}/assets/main-third.js`,
    ])
    expect(complaints).toEqual([])

    await page.context().setOffline(true)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'No node (third)' }).waitFor()
    await page.context().close()
  })
})
