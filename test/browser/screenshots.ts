import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createNodeClient } from '../../src/client/node.ts'
import { must } from '../../src/lib/assert.ts'
import { findBackend } from '../support/backends.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { type DemoProgram, startDemo } from './demo-program.ts'

// npm run screenshots: the pages as they are while the demo runs, at phone and desktop width, light and dark, into
// docs/screenshots/. On etcd where that is installed.

const folder = join(import.meta.dirname, '../../docs/screenshots')
const devices = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const
const themes = ['light', 'dark'] as const
/** A busy machine takes its time. */
const withinMs = 120_000
/** What a picture shows of an auction wants some bids, and some time left. */
const bidsMin = 5
const leftMsMin = 20_000

mkdirSync(folder, { recursive: true })
const isEtcdThere = (await findBackend('etcd', { size: 3 })) !== undefined
const demo = await startDemo(isEtcdThere ? 'etcd' : 'memory')
const browser = await launchChromium(findChromium())
try {
  await fillCatalogue(demo)
  await killAndRestart(browser, demo)
  for (const [device, options] of Object.entries(devices)) {
    for (const colorScheme of themes) {
      const context = await browser.newContext({ ...options, colorScheme, serviceWorkers: 'block' })
      context.setDefaultTimeout(withinMs)
      await shoot(context, demo, `${device}-${colorScheme}`)
      await context.close()
    }
  }
} finally {
  await browser.close()
  await demo.stop()
}

async function fillCatalogue({ nodeUrls }: DemoProgram): Promise<void> {
  const seller = createNodeClient({ urls: nodeUrls })
  await seller.session.create('Selma')
  const create = (title: string, startPrice: string, minutes: number, startsInMs?: number) =>
    seller.auctions.create({
      title,
      startPrice,
      increment: '5.00',
      durationMs: minutes * 60_000,
      ...(startsInMs !== undefined && {
        startsAt: new Date(Date.now() + startsInMs).toISOString(),
      }),
    })
  await create('Brass sextant, London 1875', '120.00', 40)
  await create('Sea chart of the Hebrides', '85.00', 55)
  await create('Ship’s bell, bronze', '240.00', 180)
  await create('Boxwood parallel rule', '30.00', 600)
  await create('Signal lamp, 1911', '60.00', 60, 3_600_000)
  seller.close()
}

/** So that there is something to tell. */
async function killAndRestart(chromium: Browser, { pageUrl }: DemoProgram): Promise<void> {
  const page = await chromium.newPage()
  page.setDefaultTimeout(withinMs)
  await page.goto(pageUrl)
  await page.getByRole('button', { name: 'Kill n3' }).click()
  await page.getByRole('button', { name: 'Restart n3' }).click()
  await page.getByText('n3 running').waitFor()
  await page.close()
}

/** All pages as one visitor sees them who bids and watches. */
async function shoot(context: BrowserContext, demo: DemoProgram, kind: string): Promise<void> {
  const home = must(demo.nodeUrls[0], 'first node')
  const take = async (page: Page, name: string, isWhole = false) => {
    const path = join(folder, `${name}-${kind}.png`)
    await page.screenshot({ path, fullPage: isWhole, animations: 'disabled' })
    console.error(`${name}-${kind}.png`)
  }
  const stage = await context.newPage()
  await stage.goto(demo.pageUrl)
  for (const node of ['n1', 'n2']) {
    const rows = stage.frameLocator(`iframe[title="Auction as node ${node} shows it"]`)
    await rows.locator('[data-type="BidAccepted"]').nth(3).waitFor()
  }
  await take(stage, 'demo')
  await stage.close()

  const page = await context.newPage()
  await page.goto(`${home}/auction/${await livelyAuction(home)}`)
  await page.getByRole('button', { name: /^Bid / }).click()
  await page.getByLabel('Your name').fill('Ann')
  await page.getByLabel('Your name').press('Enter')
  const way = page.getByRole('region', { name: 'The way of your last bid' }).getByText('committed')
  // A robot may be faster: then one bids again.
  const bidUntilTaken = async () => {
    if ((await way.count()) > 0) return true
    await page.getByRole('button', { name: /^Bid / }).click({ timeout: 1_000 })
    return false
  }
  await eventually(() => bidUntilTaken().catch(() => false), { withinMs })
  await page.evaluate('scrollTo(0, 0)')
  await take(page, 'room')
  await page.getByRole('button', { name: 'Watch' }).click()
  const go = async (name: string) => {
    await page.getByRole('link', { name, exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  await go('Cluster')
  await page.getByRole('button', { name: 'Kill n2' }).waitFor()
  await page.getByRole('heading', { name: 'Time line' }).waitFor()
  // Bars grow, and hand-overs come in.
  const since = performance.now()
  await eventually(() => performance.now() - since > 6_000, { withinMs })
  await take(page, 'cluster', true)
  await go('Catalogue')
  await page.getByRole('list', { name: 'Auctions' }).getByRole('listitem').nth(6).waitFor()
  await take(page, 'catalogue')
  await go('Watching')
  await page.getByRole('list', { name: 'Watched auctions' }).getByRole('listitem').first().waitFor()
  await take(page, 'watching')
  await go('Sell')
  await page.getByLabel('Title').fill('Brass telescope')
  await take(page, 'sell', true)
}

async function livelyAuction(url: string): Promise<string> {
  const client = createNodeClient({ urls: [url] })
  const found = await eventually(
    async () => {
      const { items } = await client.auctions.list({ phase: 'open' })
      return items.find(
        ({ bidCount, endsAt, serverTime }) =>
          bidCount >= bidsMin && Date.parse(endsAt) - Date.parse(serverTime) > leftMsMin,
      )
    },
    { withinMs },
  )
  client.close()
  return found.id
}
