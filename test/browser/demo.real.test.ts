import axe from 'axe-core'
import type { Browser, Frame, FrameLocator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBackend } from '../support/backends.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { type DemoProgram, startDemo } from './demo-program.ts'
import { untilText } from './visit.ts'

const chromium = findChromium()
const etcd = await findBackend('etcd', { size: 3, hurtsMembers: true })

const withinMs = 60_000
const connectionIn = (frame: FrameLocator) => frame.getByRole('status', { name: 'Connection' })

/** The highest place in the journal that a framed page shows. */
const newestIn = async (frame: FrameLocator) => {
  const newest = frame.locator('[data-type="BidAccepted"]').first()
  return Number(await newest.getAttribute('data-seq', { timeout: 1_000 }))
}

async function violationsIn(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source)
  return frame.evaluate<string[]>(
    `axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  )
}

describe.skipIf('missing' in chromium || etcd === undefined)('the page of lotkeeper demo', () => {
  let demo: DemoProgram
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    demo = await startDemo('etcd')
    browser = await launchChromium(chromium)
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(demo.pageUrl)
  })
  afterAll(async () => {
    await browser.close()
    expect(await demo.stop()).toEqual([130, null])
  })
  const frameOf = (node: string) =>
    page.frameLocator(`iframe[title="Auction as node ${node} shows it"]`)
  const press = (name: string) => page.getByRole('button', { name }).click({ timeout: withinMs })

  it('shows two nodes bid; a killed one’s page goes on elsewhere, and nothing is lost', async () => {
    const [left, right] = [frameOf('n1'), frameOf('n2')]
    await untilText(connectionIn(left), 'on n1', withinMs)
    await untilText(connectionIn(right), 'on n2', withinMs)
    for (const frame of [left, right])
      await eventually(async () => (await newestIn(frame)) > 2, { withinMs })
    for (const frame of page.frames()) expect(await violationsIn(frame)).toEqual([])

    const before = await newestIn(left)
    await press('Kill n1')
    // Not to n2, where the page beside it is.
    await untilText(connectionIn(left), 'Moved to n3', withinMs)
    await eventually(async () => (await newestIn(left)) !== before, { withinMs })
    const story = page.getByRole('log')
    await untilText(story, /n1 killed · its page moved to n3.* · next bid after .* s · 0 lost of/)

    await press('Restart n1')
    await page.getByText('n1 running').waitFor({ timeout: withinMs })
    await press('Open on n1 again')
    await untilText(connectionIn(left), 'on n1', withinMs)
  })

  it('has its buttons on the cluster page of each node too', async () => {
    await page.goto(`${demo.nodeUrls[1]}/cluster`)
    await press('Freeze n3')
    await press('Thaw n3')
    await page.getByRole('button', { name: 'Freeze n3' }).waitFor({ timeout: withinMs })
  })
})
