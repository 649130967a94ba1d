import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { builtPages } from './built-pages.ts'
import { startStubCluster, type StubCluster } from './stub-cluster.ts'
import { untilStanding, visit } from './visit.ts'

const chromium = findChromium()

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

/** A colour on its way to another has neither's contrast. What never ends, such as a countdown's pulse, is not waited for. */
const animationsEnd = `Promise.allSettled(
  document
    .getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished),
)`

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(animationsEnd)
  await page.evaluate(axe.source)
  const found = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
  )
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

describe.skipIf('missing' in chromium)('the pages, for everybody', () => {
  let webFolder: string
  let browser: Browser
  let cluster: StubCluster
  let auctionPath: string

  beforeAll(async () => {
    webFolder = builtPages()
    browser = await launchChromium(chromium)
    cluster = await startStubCluster({ webFolder, nodeCount: 2 })
    auctionPath = `/auction/${cluster.lots.create({ title: 'Brass telescope', description: 'Old.' })}`
  })
  afterAll(async () => {
    await cluster.close()
    await browser.close()
  })

  describe.each([
    ['light', 390],
    ['dark', 1280],
  ] as const)('%s, %d px wide', (colorScheme, width) => {
    const options = { colorScheme, viewport: { width, height: 800 } }

    it.each(['/', '/?phase=closed', 'the room', '/sell', '/cluster', '/watching', '/nowhere'])(
      '%s meets what axe checks, and fits',
      async (path) => {
        const url = `${cluster.nodes[0]!.url}${path === 'the room' ? auctionPath : path}`
        const visitor = await visit(browser, url, options)
        const { page } = visitor
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForLoadState('networkidle')
        expect(await violations(page)).toEqual([])
        expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
        expect(visitor.complaints).toEqual([])
        await visitor.close()
      },
    )

    it('so does the question for a name, and the room after a bid', async () => {
      const ann = await visit(browser, `${cluster.nodes[0]!.url}${auctionPath}`, options)
      await ann.bidButton.click()
      await ann.page.getByLabel('Your name').waitFor()
      expect(await violations(ann.page)).toEqual([])
      await ann.page.getByLabel('Your name').fill('Ann')
      await ann.page.getByLabel('Your name').press('Enter')
      await untilStanding(ann, 'You lead')
      expect(await violations(ann.page)).toEqual([])
      await ann.close()
    })
  })
})
