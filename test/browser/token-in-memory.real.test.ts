import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { createNodeClient } from '../../src/client/node.ts'
import { type BackendKind, findBackend, type ProvidedStore } from '../support/backends.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { serveNode, type ServedNode } from './served-node.ts'
import { untilStanding, untilText, visit, type Visit } from './visit.ts'

const chromium = findChromium()
const kind: BackendKind = 'etcd'
const backend = await findBackend(kind, { size: 1 })

/** All that scripts of the page could find after it is closed. */
const kept = ({ page }: Visit) =>
  page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
  )

describe.skipIf('missing' in chromium || backend === undefined)('a page’s token', () => {
  let browser: Browser
  let store: ProvidedStore
  let nodes: ServedNode[] = []
  let room: string

  beforeAll(async () => {
    browser = await launchChromium(chromium)
    store = await must(backend, 'backend').start()
    const url = `${kind}://${store.servers.join(',')}/memory`
    nodes = await Promise.all(['n1', 'n2'].map((nodeId) => serveNode({ store: url, nodeId })))
    const client = createNodeClient({ urls: [must(nodes[1], 'n2').url] })
    await client.session.create('Selma')
    const lot = { title: 'Brass telescope', durationMs: 600_000, increment: '5.00' }
    room = `/auction/${(await client.auctions.create(lot)).id}`
    client.close()
  })
  afterAll(async () => {
    await browser.close()
    await Promise.all(nodes.map((node) => node.kill()))
    await store.stop()
  })

  it('signs in on another node by a ticket that stays in no address', async () => {
    const [n1, n2] = [must(nodes[0], 'n1').url, must(nodes[1], 'n2').url]
    const ann = await visit(browser, `${n1}${room}`)
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    await ann.page.goto(`${n1}/cluster`)
    await untilText(ann.page.getByRole('banner'), 'Ann')
    const tickets: string[] = []
    ann.page.on('framenavigated', (frame) => tickets.push(frame.url()))
    await ann.page.getByRole('link', { name: n2 }).click()
    await eventually(() => ann.page.url() === `${n2}/cluster`)
    await untilText(ann.page.getByRole('banner'), 'Ann')
    expect(tickets.some((url) => url.includes('#ticket='))).toBe(true)
    await ann.page.goto(`${n2}${room}`)
    await untilStanding(ann, 'You lead')
    expect(ann.complaints).toEqual([])
    await ann.close()
  })

  // The last one: nobody starts that node again.
  it('is in its memory alone: loaded anew, it goes on as the same person when its node is killed', async () => {
    const bea = await visit(browser, `${must(nodes[0], 'n1').url}${room}`)
    await bea.bid('Bea')
    await untilStanding(bea, 'You lead')
    const signedIn = bea.page.waitForResponse((answer) => answer.url().endsWith('/session/token'))
    await bea.page.reload()
    const { token } = (await (await signedIn).json()) as { token: string }
    await untilStanding(bea, 'You lead')
    expect(token.length).toBeGreaterThan(40)
    expect(await kept(bea)).not.toContain(token)
    expect(await kept(bea)).not.toMatch(/[A-Za-z0-9_-]{43}/)
    await must(nodes[0], 'n1').kill()
    await untilText(bea.connection, /Moved to n2/, 40_000)
    await untilStanding(bea, 'You lead')
    const rival = createNodeClient({ urls: [must(nodes[1], 'n2').url] })
    await rival.session.create('Rival')
    const amount = '200.00'
    const outcome = await rival.bid({ auctionId: room.split('/')[2] ?? '', amount })
    expect(outcome.outcome).toBe('accepted')
    rival.close()
    await untilStanding(bea, 'Outbid')
    await bea.bid()
    await untilStanding(bea, 'You lead')
    const bidders = (await bea.history()).filter((told) => told.includes('$'))
    expect(bidders.slice(-3)).toEqual(['You $105.00', 'Rival $200.00', 'You $205.00'])
    await bea.close()
  })
})
