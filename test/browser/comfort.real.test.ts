import { create } from 'qrcode/lib/core/qrcode.js'
import { describe, expect, it } from 'vitest'
import type { Conditions } from '../../src/auction/conditions.ts'
import { must } from '../../src/lib/assert.ts'
import { findChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { inTurns } from './in-turns.ts'
import { setStage } from './stage.ts'
import { untilStanding, untilText, type Visit, type visit } from './visit.ts'

const chromium = findChromium()

describe.skipIf('missing' in chromium)('the room, for whoever is there', () => {
  const stage = setStage(chromium)
  const enter = (id: string, options: Parameters<typeof visit>[2] = {}) =>
    stage.enter(`/auction/${id}`, options)
  const open = (over: Partial<Conditions> = {}) =>
    stage.cluster.lots.create({ title: 'Brass telescope', ...over })
  const bidsOf = (id: string) =>
    stage.cluster.lots.events(id).filter(({ event }) => event.type === 'BidAccepted')
  const rivalBids = (id: string, bidder = { id: 'rival', name: 'Rival' }) => {
    const { minimumNextBidMinor } = must(stage.cluster.lots.record(id), 'lot').auction
    const amountMinor = minimumNextBidMinor ?? 0
    const bidId = `rival-${amountMinor}`
    stage.cluster.lots.command(id, { type: 'PlaceBid', at: Date.now(), bidId, bidder, amountMinor })
  }

  it('takes a double tap for one bid, also where one may raise oneself', async () => {
    const id = open({ mayRaiseOwnBid: true })
    const ann = await enter(id)
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    // The answer to the first tap may be there before the second.
    await ann.bidButton.click()
    await eventually(async () => (await ann.history()).includes('You $105.00'))
    await untilText(ann.bidButton, 'Bid $110.00')
    await ann.page.mouse.down({ clickCount: 2 })
    await ann.page.mouse.up({ clickCount: 2 })
    await ann.bidButton.click()
    await eventually(async () => (await ann.history()).includes('You $110.00'))
    await untilText(ann.bidButton, 'Bid $115.00')
    expect(bidsOf(id)).toHaveLength(3)
  })

  it('counts down by the cluster when the own clock is ten minutes wrong, and says so', async () => {
    const id = open({ endsAt: Date.now() + 300_000 })
    const ann = await enter(id, {
      before: 'const now = Date.now; Date.now = () => now.call(Date) + 600_000',
    })
    await untilText(ann.timer, /^[45]:\d\d$/)
    await ann.page.getByText('Your clock is 10 min fast.').waitFor()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
  })

  it('stands still without a network, and goes on where it was', async () => {
    const id = open()
    const ann = await enter(id)
    await untilText(ann.connection, 'Live')
    await ann.page.context().setOffline(true)
    await untilText(ann.connection, 'Offline')
    await ann.page.getByText('link is silent').waitFor()
    await ann.page.getByText('nobody has bid yet, as last heard').waitFor()
    const stoodAt = await ann.timer.innerText()
    rivalBids(id)
    const clockMs = () => ann.page.evaluate<number>('performance.now()')
    const inASecond = (await clockMs()) + 1_200
    await eventually(async () => (await clockMs()) > inASecond)
    expect(await ann.timer.innerText()).toBe(stoodAt)
    await ann.page.context().setOffline(false)
    await untilText(ann.connection, 'Live', 30_000)
    await eventually(async () => (await ann.history()).includes('Rival $100.00'), {
      withinMs: 30_000,
    })
    await eventually(async () => (await ann.timer.innerText()) !== stoodAt)
  })

  it('is left by keyboard alone with a bid in the journal', async () => {
    const id = open()
    const { page, ...ann } = await enter(id)
    await untilStanding(ann as Visit, 'Open')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('b')
    await page.keyboard.press('Enter')
    await page.getByLabel('Your name').waitFor()
    await page.keyboard.type('Ann b')
    await page.keyboard.press('Enter')
    await untilStanding(ann as Visit, 'You lead')
    rivalBids(id)
    await untilStanding(ann as Visit, 'Outbid')
    await page.keyboard.press('m')
    await page.keyboard.type('150')
    await page.keyboard.press('Enter')
    await untilStanding(ann as Visit, 'You lead')
    expect(bidsOf(id)).toHaveLength(3)
  })

  it('calls back who looks elsewhere by the title of the tab, where no frames come', async () => {
    const id = open()
    const ann = await enter(id, {
      before: `Object.defineProperty(document, 'hidden', { value: true })
        globalThis.requestAnimationFrame = () => 0`,
    })
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    expect(await ann.page.title()).toBe('Brass telescope · Lotkeeper')
    rivalBids(id)
    await eventually(async () => (await ann.page.title()).startsWith('(Outbid) '))
    await ann.page.locator('[aria-live=assertive]').getByText('Rival bids $105.00').waitFor({
      state: 'attached',
    })
    await ann.bid()
    await eventually(async () => !(await ann.page.title()).startsWith('('))
  })

  it('shows a late bid moving the end, and by which rule', async () => {
    const softClose = { windowMs: 30_000, extensionMs: 60_000, mode: 'add' } as const
    const id = open({ endsAt: Date.now() + 20_000, softClose: { ...softClose, maxExtensions: 3 } })
    const ann = await enter(id)
    await ann.page.getByText('last minute').waitFor()
    rivalBids(id)
    await untilText(ann.page.locator('.flash'), /\+60 s extended, 1 of 3/)
    await untilText(ann.timer, /^1:\d\d$/)
  })

  it('hands its address on as a QR code, which is loaded when somebody asks', async () => {
    const { page } = await enter(open())
    await page.getByRole('timer').waitFor()
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await page.getByRole('button', { name: 'QR code' }).click()
    const code = page.getByRole('img', { name: 'QR code of the way to Brass telescope' })
    const drawn = (await code.locator('path').getAttribute('d')) ?? ''
    expect(loaded.filter((path) => path.endsWith('.js'))).toHaveLength(1)
    const { size, data } = create(page.url(), { errorCorrectionLevel: 'M' }).modules
    const dark = new Set(drawn.match(/M\d+ \d+/g))
    expect(dark.size).toBe(data.filter((module) => module === 1).length)
    expect(dark).toContain('M4 4')
    expect(await code.getAttribute('viewBox')).toBe(`0 0 ${size + 8} ${size + 8}`)
    await page.getByRole('button', { name: 'Done' }).click()
    await code.waitFor({ state: 'hidden' })
  })

  it('without a node is a page that says so, shows no price, and comes back by itself', async () => {
    const ann = await enter(open(), { serviceWorkers: 'allow' })
    const { page } = ann
    await page.getByRole('timer').waitFor()
    await eventually(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'))
    await page.context().setOffline(true)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'No node answers' }).waitFor()
    await page.getByRole('link', { name: must(stage.cluster.nodes[1], 'n2').url }).waitFor()
    expect(await page.locator('body').innerText()).not.toContain('$')
    expect(ann.complaints.filter((words) => words.includes('Content Security'))).toEqual([])
    await page.context().setOffline(false)
    await page.getByRole('heading', { level: 1, name: 'Brass telescope' }).waitFor()
    await ann.bidButton.waitFor()
  })

  it('shows the way of the last bid, station by station', async () => {
    const ann = await enter(open())
    await ann.bid('Ann')
    const way = ann.page.getByRole('region', { name: 'The way of your last bid' })
    await untilText(way, /waited in line at n1\s+0\.4 ms/)
    await untilText(way, /committed, in a batch of 2\s+3\.2 ms/)
    await untilText(way, /in the journal at 3, answered after\s+[\d.]+ ms/)
    await untilText(way, /told to the viewers, this page among them, after\s+[\d.]+ ms/)
    await ann.page.getByRole('link', { name: 'Cluster' }).click()
    await untilText(way, 'committed, in a batch of 2')
  })

  it('speaks German to who prefers it, and can be told otherwise', async () => {
    const id = open()
    const { page } = await enter(id, { locale: 'de-AT' })
    await page.getByRole('button', { name: '100,00\u00a0$ bieten' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.getByRole('button', { name: 'Einstellungen' }).click()
    await page.getByLabel('Sprache').selectOption('English')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Bid $100.00' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Bid $100.00' }).waitFor()
  })

  it('holds together where one reads from right to left, as the other pages do', async () => {
    const id = open({ endsAt: Date.now() + 50_000 })
    const before =
      "addEventListener('DOMContentLoaded', () => (document.documentElement.dir = 'rtl'))"
    const { page } = await enter(id, { before, viewport: { width: 390, height: 844 } })
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    await page.getByRole('timer').waitFor()
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0)
    const leftOf = async (name: string) => (await page.getByText(name).first().boundingBox())?.x
    expect(await leftOf('Lotkeeper')).toBeGreaterThan((await leftOf('Guest')) ?? Infinity)
    for (const name of ['Catalogue', 'Sell', 'Cluster', 'Watching']) {
      await page.getByRole('link', { name, exact: true }).first().click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
      expect(await page.evaluate(`${overflow} + ' ' + '${name}'`)).toMatch(/^(0|-\d+) /)
    }
  })

  it('keeps its signs in forced colours, and moves nothing for who wants no motion', async () => {
    const id = open({ endsAt: Date.now() + 300_000, softClose: null })
    const ann = await enter(id, { forcedColors: 'active', reducedMotion: 'reduce' })
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    const style = (selector: string, property: string) =>
      ann.page.evaluate<string>(
        `getComputedStyle(document.querySelector('${selector}')).${property}`,
      )
    const [highlight, grey] = await ann.page.evaluate<string[]>(
      `['Highlight', 'GrayText'].map((name) => {
        const part = document.body.appendChild(document.createElement('i'))
        part.style.color = name
        return getComputedStyle(part).color
      })`,
    )
    expect(await style('.dial .left', 'stroke')).toBe(highlight)
    expect(await style('.dial .track', 'stroke')).toBe(grey)
    expect(highlight).not.toBe(grey)
    expect(await style('.banner', 'borderTopWidth')).toBe('2px')
    rivalBids(id)
    await untilStanding(ann, 'Outbid')
    expect(await ann.page.evaluate('document.getAnimations().length')).toBe(0)
  })

  it('shows every one of fifty events a second, and calls out each turn of one’s own bids', async () => {
    const id = open({ mayRaiseOwnBid: true })
    const ann = await enter(id)
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    await ann.page.locator('[aria-live=assertive] p').waitFor({ state: 'attached' })
    await ann.page.evaluate(`{
      const region = document.querySelector('[aria-live=assertive]')
      globalThis.calls = []
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) calls.push(node.textContent)
      }).observe(region, { childList: true })
    }`)
    const own = must([...stage.cluster.guests.values()][0], 'guest')
    // Every fifth bid is ours, and outbid before the page can draw it.
    await inTurns(100, 20, (turn) => {
      if (turn % 5 === 0) rivalBids(id, own)
      rivalBids(id)
    })
    const { endsAt } = must(stage.cluster.lots.record(id), 'lot').auction
    stage.cluster.lots.command(id, { type: 'CloseAuction', at: endsAt, servingSince: 0 })
    await eventually(async () => (await ann.places()).length === 124)
    const calls = () => ann.page.evaluate<string[]>('calls')
    const count = async (words: string) => (await calls()).filter((c) => c.startsWith(words)).length
    await eventually(async () => (await count('You lead at')) === 20)
    await eventually(async () => (await count('You are outbid')) === 20)
    await eventually(async () => (await count('The auction has ended')) === 1)
    expect(new Set(await calls()).size).toBe((await calls()).length)
  })
})
