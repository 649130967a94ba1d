import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { findChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { setStage } from './stage.ts'
import { untilStanding, untilText } from './visit.ts'

const chromium = findChromium()

describe.skipIf('missing' in chromium)('the pages', () => {
  const stage = setStage(chromium)
  const { enter } = stage

  it('weigh at most 60 kB of script, compressed, until the first one is there', async () => {
    const html = await readFile(join(stage.webFolder, 'index.html'), 'utf8')
    const first = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path]) => path ?? '')
    const sizes = await Promise.all(
      first.map(async (path) => gzipSync(await readFile(join(stage.webFolder, path))).length),
    )
    expect(sizes.length).toBeGreaterThan(0)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(60 * 1024)
  })

  describe('the catalogue', () => {
    it('follows what is on the screen as it goes, and only that', async () => {
      for (let count = 1; count <= 40; count++) stage.cluster.lots.create({ title: `Lot ${count}` })
      const { page } = await enter('/')
      const card = page.getByRole('listitem').filter({ hasText: /^Lot 1Sold/ })
      await card.getByText('$100.00').waitFor()
      const first = must(stage.cluster.lots.all()[0], 'lot')
      await eventually(() => stage.cluster.watchedCount() > 0)
      expect(stage.cluster.watchedCount()).toBeLessThan(30)
      const bidder = { id: 'rival', name: 'Rival' }
      stage.cluster.lots.command(first.id, {
        type: 'PlaceBid',
        at: Date.now(),
        bidId: 'rival-12000',
        bidder,
        amountMinor: 12_000,
      })
      await card.getByText('$120.00').waitFor()
    })

    it('keeps the focus where somebody is, while what ends before comes in and all move on', async () => {
      const at = Date.now()
      for (let count = 1; count <= 14; count++)
        stage.cluster.lots.create({ title: `Lot ${count}`, endsAt: at + 600_000 + count })
      const { page } = await enter('/')
      const cards = page.getByRole('list', { name: 'Auctions' }).getByRole('listitem')
      await cards.nth(13).waitFor()
      const watch = cards.filter({ hasText: /^Lot 12Sold/ }).getByRole('button', { name: 'Watch' })
      await watch.focus()
      stage.cluster.lots.create({ title: 'Lot 0', endsAt: at + 600_000 })
      await cards.nth(14).waitFor()
      expect(await cards.first().innerText()).toMatch(/^Lot 0/)
      await watch.and(page.locator(':focus')).waitFor()
    })

    it('is searched and sorted in the address', async () => {
      stage.cluster.lots.create({ title: 'Brass telescope' })
      stage.cluster.lots.create({ title: 'Silver bell' })
      const { page } = await enter('/')
      await page.getByRole('link', { name: 'Silver bell' }).waitFor()
      await page.keyboard.press('/')
      await page.keyboard.type('brass')
      await page.getByRole('link', { name: 'Silver bell' }).waitFor({ state: 'detached' })
      expect(new URL(page.url()).searchParams.get('q')).toBe('brass')
      await page.getByLabel('Order').selectOption('Newest')
      await eventually(() => new URL(page.url()).searchParams.get('sort') === 'newest')
      await page.getByLabel('Search').fill('nothing of the kind')
      await page.getByText('Nothing here matches “nothing of the kind”.').waitFor()
      await page.getByRole('link', { name: 'Forget the search' }).click()
      await page.getByRole('link', { name: 'Silver bell' }).waitFor()
    })

    it('says that there is nothing, then shows what opens, and leads into the room', async () => {
      const { page } = await enter('/')
      await page.getByText('No auction is open just now.').waitFor()
      stage.cluster.lots.create({ title: 'Brass telescope', endsAt: Date.now() + 61_000 })
      const card = page.getByRole('listitem').filter({ hasText: 'Brass telescope' })
      await card.getByText('$100.00').waitFor()
      await untilText(card, /\b0:5\d\b/)
      await card.getByRole('link', { name: 'Brass telescope' }).click()
      await page.getByRole('heading', { level: 1, name: 'Brass telescope' }).waitFor()
      expect(new URL(page.url()).pathname).toMatch(/^\/auction\/\w{26}$/)
    })

    it('is filtered by phase, in an address of its own', async () => {
      stage.cluster.lots.create({ title: 'Open lot' })
      const later = Date.now() + 60_000
      stage.cluster.lots.create({ title: 'Later lot', startsAt: later, endsAt: later + 60_000 })
      const { page } = await enter('/')
      await page.getByRole('link', { name: 'Open lot' }).waitFor()
      expect(await page.getByRole('link', { name: 'Later lot' }).count()).toBe(0)
      await page.getByRole('link', { name: 'Upcoming' }).click()
      await page.getByRole('link', { name: 'Later lot' }).waitFor()
      expect(await page.getByRole('link', { name: 'Open lot' }).count()).toBe(0)
      expect(page.url()).toContain('phase=scheduled')
      await page.getByRole('link', { name: 'Ended' }).click()
      await page.getByText('No auction has ended yet.').waitFor()
      await page.getByRole('link', { name: 'All' }).click()
      await page.getByRole('link', { name: 'Later lot' }).waitFor()
      await page.getByRole('link', { name: 'Open lot' }).waitFor()
    })

    it('shows more than a page on demand', async () => {
      for (let count = 1; count <= 50; count++) stage.cluster.lots.create({ title: `Lot ${count}` })
      const { page } = await enter('/')
      const cards = page.getByRole('list', { name: 'Auctions' }).getByRole('listitem')
      await eventually(async () => (await cards.count()) === 48)
      await page.getByRole('button', { name: 'Show more' }).click()
      await eventually(async () => (await cards.count()) === 50)
    })

    it('goes on from another node when its own is gone', async () => {
      stage.cluster.lots.create({ title: 'Brass telescope' })
      const { page } = await enter('/')
      await page.getByRole('link', { name: 'Brass telescope' }).waitFor()
      await stage.cluster.nodes[0]!.stop()
      stage.cluster.lots.create({ title: 'Silver candlestick' })
      await page.getByRole('link', { name: 'Silver candlestick' }).waitFor()
      await page.getByRole('link', { name: 'Silver candlestick' }).click()
      await page.getByRole('heading', { level: 1, name: 'Silver candlestick' }).waitFor()
    })

    it('says when no node answers, and keeps what it had', async () => {
      stage.cluster.lots.create({ title: 'Brass telescope' })
      const { page } = await enter('/')
      await page.getByRole('link', { name: 'Brass telescope' }).waitFor()
      for (const node of stage.cluster.nodes) await node.stop()
      await page
        .getByRole('alert')
        .getByText('No node of the cluster answers just now.')
        .waitFor({ timeout: 30_000 })
      expect(await page.getByRole('link', { name: 'Brass telescope' }).count()).toBe(1)
    })
  })

  describe('the seller', () => {
    it('is told what is wrong, opens an auction, and may cancel it before the first bid', async () => {
      const { page, complaints } = await enter('/sell')
      const open = page.getByRole('button', { name: 'Open the auction' })
      await open.click()
      await page.getByRole('alert').getByText('Say what is for sale.').waitFor()
      await page.locator('input:focus').and(page.getByLabel('Title')).waitFor()
      await page.getByLabel('Title').fill('Brass telescope')
      await page.getByLabel('Description').fill('Four draws.')
      await page.getByLabel('Start price').fill('1,250')
      await page.getByLabel('Increment').fill('12.345')
      await open.click()
      await page.getByRole('alert').getByText('Write an amount like 120.00.').waitFor()
      await page.getByLabel('Increment').fill('25')
      await page.getByLabel('Duration', { exact: true }).fill('2')
      await page.getByLabel('Unit of duration').selectOption('hours')
      await page.getByText('The first bid is at least $1,250.00').waitFor()
      await open.click()
      await page.getByLabel('Your name').fill('Selma')
      await page.getByLabel('Your name').press('Enter')
      await page.getByRole('alert').getByRole('link', { name: 'Brass telescope' }).waitFor()

      const { auction } = must(stage.cluster.lots.all()[0], 'lot')
      expect(auction).toMatchObject({
        startPriceMinor: 125_000,
        increments: [{ fromMinor: 0, stepMinor: 2_500 }],
        seller: { name: 'Selma' },
        softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add', maxExtensions: 10 },
      })
      expect(auction.endsAt - auction.startsAt).toBeGreaterThan(7_190_000)
      const own = page.getByRole('list', { name: 'Your auctions' }).getByRole('listitem')
      await own.getByRole('button', { name: 'Cancel Brass telescope' }).click()
      await own.getByText('cancelled').waitFor()
      expect(stage.cluster.lots.all()[0]?.auction.phase).toBe('cancelled')
      expect(complaints).toEqual([])
    })

    it('is shown a complaint of the node at the field that it names', async () => {
      const { page } = await enter('/sell')
      await page.getByLabel('Title').fill('A forbidden thing')
      await page.getByRole('button', { name: 'Open the auction' }).click()
      await page.getByLabel('Your name').fill('Selma')
      await page.getByLabel('Your name').press('Enter')
      await page.getByRole('alert').getByText('No such word here.').waitFor()
      expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true')
    })
  })

  it('keep a watch list in this browser, and leave out what is gone', async () => {
    const id = stage.cluster.lots.create({ title: 'Brass telescope' })
    const { page } = await enter('/watching')
    await page.getByText('You watch no auction yet.').waitFor()
    await page.goto(`${stage.cluster.nodes[0]!.url}/auction/${id}`)
    await page.getByRole('button', { name: 'Watch' }).click()
    await page.evaluate(
      `localStorage.setItem('lotkeeper.watching',
        JSON.stringify(['01ARZ3NDEKTSV4RRFFQ69G5FAV', ...JSON.parse(localStorage.getItem('lotkeeper.watching'))]))`,
    )
    await page.goto(`${stage.cluster.nodes[0]!.url}/watching`)
    const cards = page.getByRole('list', { name: 'Watched auctions' }).getByRole('listitem')
    await cards.filter({ hasText: 'Brass telescope' }).waitFor()
    expect(await cards.count()).toBe(1)
    await cards.getByRole('button', { name: 'Watching' }).click()
    await page.getByText('You watch no auction yet.').waitFor()
  })

  it('show the cluster: leader, term, nodes, store and locks', async () => {
    const id = stage.cluster.lots.create({ title: 'Brass telescope' })
    const { page } = await enter('/cluster')
    await untilText(page.locator('.tiles'), /Leader\s+n1\s+term 7/)
    await untilText(page.locator('.tiles'), /zookeeper\s+serving/)
    const servers = page.getByRole('region', { name: 'Servers of the store' }).getByRole('row')
    await untilText(servers.nth(1), /zk1:2181\s*session of n1\s+serving\s+follows\s+3\.8\.0/)
    await untilText(servers.nth(3), /zk3:2181\s+does not answer\s+not known\s+not known/)
    const nodes = page.getByRole('table').first()
    for (const node of stage.cluster.nodes) await nodes.getByText(node.url).waitFor()
    await page
      .getByText('n2 revoked the lock of …\u20609G5FAV from n1, which made no progress')
      .waitFor()
    const lock = page.getByRole('row').filter({ hasText: id })
    expect(await lock.getByRole('cell').allInnerTexts()).toEqual(['n1', 'n2'])
  })

  it('say when an address leads nowhere', async () => {
    const { page } = await enter('/somewhere')
    await page.getByRole('heading', { name: 'Nothing here' }).waitFor()
  })

  it('hand the focus to the heading of the page that a link leads to', async () => {
    const { page } = await enter('/')
    await page.getByRole('link', { name: 'Cluster' }).focus()
    await page.keyboard.press('Enter')
    const heading = page.getByRole('heading', { level: 1, name: 'Cluster' })
    await heading.and(page.locator(':focus')).waitFor()
  })

  it('can be used by keyboard alone, from the catalogue to a bid', async () => {
    stage.cluster.lots.create({ title: 'Brass telescope' })
    const visitor = await enter('/')
    const { page } = visitor
    await page.getByRole('link', { name: 'Brass telescope' }).press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Brass telescope' }).waitFor()
    await visitor.bidButton.press('Enter')
    // The question has the focus: whoever sees it may type.
    await page.locator('input:focus').and(page.getByLabel('Your name')).waitFor()
    await page.keyboard.type('Ann')
    await page.keyboard.press('Enter')
    await untilStanding(visitor, 'You lead')
  })
})
