import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { serveNode, type ServedNode } from './served-node.ts'
import { untilStanding, untilText, visit } from './visit.ts'

const chromium = findChromium()

describe.skipIf('missing' in chromium)('a single node, killed and started again', () => {
  let browser: Browser
  let folder: string
  let node: ServedNode | undefined

  beforeAll(async () => {
    browser = await launchChromium(chromium)
    folder = await mkdtemp(join(tmpdir(), 'lotkeeper-restart-'))
  })
  afterAll(async () => {
    await browser.close()
    await node?.kill()
    await rm(folder, { recursive: true })
  })

  it('has all that it acknowledged, and the page comes back by itself', async () => {
    const store = `embedded:${join(folder, 'data')}`
    node = await serveNode({ store, nodeId: 'n1' })
    const { url } = node
    const ann = await visit(browser, `${url}/sell`)
    await ann.page.getByLabel('Title').fill('Brass telescope')
    await ann.page.getByRole('button', { name: 'Open the auction' }).click()
    await ann.page.getByLabel('Your name').fill('Selma')
    await ann.page.getByLabel('Your name').press('Enter')
    const link = ann.page.getByRole('alert').getByRole('link', { name: 'Brass telescope' })
    const room = `${url}${(await link.getAttribute('href')) ?? ''}`

    const bob = await visit(browser, room)
    await bob.bid('Bob')
    await untilStanding(bob, 'You lead')
    await bob.page.getByText('Your bid of $100.00 was accepted.').waitFor()
    const before = await bob.places()

    await node.kill()
    await untilText(bob.connection, 'Reconnecting')
    node = await serveNode({ store, nodeId: 'n1', port: Number(new URL(url).port) })

    await untilText(bob.connection, 'Live', 30_000)
    await untilStanding(bob, 'You lead')
    await eventually(async () => {
      expect(await bob.places()).toEqual(before)
      return true
    })
    const eve = await visit(browser, room)
    await eve.bid('Eve')
    await untilStanding(eve, 'You lead', 20_000)
    await untilStanding(bob, 'Outbid')
    await bob.bid()
    await untilStanding(bob, 'You lead')
    await eventually(async () => {
      expect(await eve.places()).toEqual(await bob.places())
      return true
    })
    expect(await bob.history()).toEqual([
      'Listed by Selma',
      'Opened',
      'You $100.00',
      'Eve $101.00',
      'You $102.00',
    ])
  })
})
