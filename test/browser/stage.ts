import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { launchChromium, type FoundChromium } from '../support/chromium.ts'
import { builtPages } from './built-pages.ts'
import { startStubCluster, type StubCluster } from './stub-cluster.ts'
import { visit, type Visit } from './visit.ts'

/** One browser for a file of tests; for each test two stub nodes of its own, and tabs that are closed after it. */
export interface Stage {
  readonly webFolder: string
  readonly cluster: StubCluster
  readonly browser: Browser
  /** A tab of a new visitor, on a page of the first node. */
  readonly enter: (path: string, options?: Parameters<typeof visit>[2]) => Promise<Visit>
}

/** To be called where tests are described. */
export function setStage(chromium: FoundChromium): Stage {
  let webFolder: string
  let browser: Browser
  let cluster: StubCluster
  const visits: Visit[] = []
  beforeAll(async () => {
    webFolder = builtPages()
    browser = await launchChromium(chromium)
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    cluster = await startStubCluster({ webFolder, nodeCount: 2 })
  })
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((visitor) => visitor.close()))
    await cluster.close()
  })
  return {
    get webFolder() {
      return webFolder
    },
    get cluster() {
      return cluster
    },
    get browser() {
      return browser
    },
    async enter(path, options) {
      const node = must(cluster.nodes[0], 'first node')
      const visitor = await visit(browser, `${node.url}${path}`, options)
      visits.push(visitor)
      return visitor
    },
  }
}
