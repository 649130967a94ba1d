import { beforeEach, describe, expect, it } from 'vitest'
import type { Conditions } from '../../src/auction/conditions.ts'
import { must } from '../../src/lib/assert.ts'
import { findChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { setStage } from './stage.ts'
import { untilStanding, untilText } from './visit.ts'

const chromium = findChromium()

describe.skipIf('missing' in chromium)('the room of an auction', () => {
  const stage = setStage(chromium)
  let id: string
  const enter = (auctionId = id) => stage.enter(`/auction/${auctionId}`)
  const auctionNow = () => must(stage.cluster.lots.record(id), 'lot').auction
  const bids = () =>
    stage.cluster.lots.events(id).filter(({ event }) => event.type === 'BidAccepted')
  const rivalBids = (name = 'Rival') => {
    const amountMinor = auctionNow().minimumNextBidMinor ?? 0
    const bidder = { id: name, name }
    const bidId = `rival-${amountMinor}`
    const at = Date.now()
    const refusal = stage.cluster.lots.command(id, {
      type: 'PlaceBid',
      at,
      bidId,
      bidder,
      amountMinor,
    })
    expect(refusal).toBeUndefined()
  }
  const nodeCloses = () => {
    const at = Date.now()
    const refusal = stage.cluster.lots.command(id, { type: 'CloseAuction', at, servingSince: 0 })
    expect(refusal).toBeUndefined()
  }
  const anew = (over: { title?: string; description?: string } & Partial<Conditions>) => {
    id = stage.cluster.lots.create({ title: 'Brass telescope', ...over })
  }
  beforeEach(() => anew({}))

  it('asks a guest for a name at the first bid, and then goes on with that bid', async () => {
    const ann = await enter()
    await untilStanding(ann, 'Open')
    expect(await ann.bidButton.innerText()).toBe('Bid $100.00')
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    expect(await ann.history()).toEqual(['Listed by The House', 'Opened', 'You $100.00'])
    expect(bids()).toHaveLength(1)
    expect(ann.complaints).toEqual([])
  })

  it('lets a guest rather not say a name, and bids nothing then', async () => {
    const ann = await enter()
    await ann.bidButton.click()
    await ann.page.getByRole('button', { name: 'Not now' }).click()
    await ann.page.getByRole('dialog').waitFor({ state: 'hidden' })
    await ann.bidButton.click()
    await ann.page.getByLabel('Your name').waitFor()
    await ann.page.keyboard.press('Escape')
    await ann.page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(bids()).toEqual([])
  })

  it('tells when somebody else bids more, and bids what was typed on Enter', async () => {
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    rivalBids()
    await untilStanding(ann, 'Outbid')
    expect(await ann.bidButton.innerText()).toBe('Bid $110.00')
    await ann.amountField.fill('1,250')
    await ann.amountField.press('Enter')
    await untilStanding(ann, 'You lead')
    expect((await ann.history()).slice(2)).toEqual([
      'You $100.00',
      'Rival $105.00',
      'You $1,250.00',
    ])
  })

  it('refuses what is below the minimum before it is sent', async () => {
    const ann = await enter()
    await ann.amountField.fill('99.99')
    await ann.amountField.press('Enter')
    await ann.page.getByRole('alert').getByText('The minimum is $100.00.').waitFor()
    await ann.amountField.fill('1,5')
    await ann.amountField.press('Enter')
    await ann.page.getByRole('alert').getByText('Write an amount like 120.00.').waitFor()
    expect(bids()).toEqual([])
  })

  it('bids the amount that was pressed, however the price moves under the finger', async () => {
    const ann = await enter()
    await ann.page.setViewportSize({ width: 390, height: 844 })
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    rivalBids()
    await untilText(ann.bidButton, 'Bid $110.00')
    await ann.bidButton.hover()
    await ann.page.mouse.down()
    rivalBids('Other')
    await eventually(async () => (await ann.history()).includes('Other $110.00'))
    expect(await ann.bidButton.innerText()).toBe('Bid $110.00')
    await ann.page.mouse.up()
    const refusal = ann.page
      .getByRole('alert')
      .getByText('$110.00 is too low. The minimum is now $115.00.')
    await refusal.waitFor()
    // On a phone it is told where one looks: right above the button.
    const [told, button] = [await refusal.boundingBox(), await ann.bidButton.boundingBox()]
    expect(must(told, 'box').y + must(told, 'box').height).toBeLessThan(must(button, 'box').y)
    expect(must(told, 'box').y).toBeGreaterThan(600)
    expect(await ann.bidButton.innerText()).toBe('Bid $115.00')
    expect(bids()).toHaveLength(3)
  })

  it('settles a bid whose outcome nobody could tell by the same bidId', async () => {
    const ann = await enter()
    stage.cluster.fate.bids = 'unanswered'
    await ann.bid('Ann')
    await ann.page.getByText('Your bid of $100.00: sending…').waitFor()
    expect(await ann.bidButton.getAttribute('aria-disabled')).toBe('true')
    stage.cluster.fate.bids = undefined
    await ann.page.getByText('Your bid of $100.00 was accepted.').waitFor({ timeout: 20_000 })
    expect(bids()).toHaveLength(1)
  })

  it('counts down by cluster time and never says "Ended" before the node does', async () => {
    anew({ endsAt: Date.now() + 7_000, softClose: null })
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    expect(await ann.timer.innerText()).toMatch(/^0:0\d$/)
    await untilStanding(ann, 'Closing')
    expect(await ann.timer.innerText()).toBe('closing…')
    nodeCloses()
    await untilStanding(ann, 'You won')
    await ann.page.getByText('Sold to you for $100.00.').waitFor()
    expect(await ann.bidButton.count()).toBe(0)
    const bob = await enter()
    await untilStanding(bob, 'Ended')
  })

  it('goes back from closing to counting when a late bid had moved the end', async () => {
    const softClose = {
      windowMs: 10_000,
      extensionMs: 60_000,
      mode: 'add',
      maxExtensions: 2,
    } as const
    anew({ endsAt: Date.now() + 6_000, softClose })
    const ann = await enter()
    await ann.page.getByText('A bid in the last 10 s adds 60 s, at most 2 times').waitFor()
    rivalBids()
    await eventually(async () => (await ann.timer.innerText()).startsWith('1:0'))
    expect(await ann.history()).toContain('Extended by 60 s')
  })

  it('says when the cluster is paused, and when it goes on', async () => {
    const ann = await enter()
    await untilText(ann.connection, /Live\s+on n1/)
    stage.cluster.pause('no quorum')
    await untilStanding(ann, 'Paused')
    await untilText(ann.connection, 'Paused')
    expect(await ann.bidButton.getAttribute('aria-disabled')).toBe('true')
    stage.cluster.resume()
    await untilStanding(ann, 'Open')
    await untilText(ann.connection, 'Live')
  })

  it('moves to another node by itself and misses nothing', async () => {
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    await eventually(async () => (await ann.history()).length === 3)
    await stage.cluster.nodes[0]!.stop()
    await untilText(ann.connection, 'Reconnecting')
    rivalBids()
    await untilText(ann.connection, /Moved to n2/)
    await untilStanding(ann, 'Outbid')
    await ann.bid()
    await untilStanding(ann, 'You lead')
    expect((await ann.history()).slice(2)).toEqual(['You $100.00', 'Rival $105.00', 'You $110.00'])
  })

  it('shows the whole history, also what the feed did not bring', async () => {
    for (let count = 0; count < 60; count++) {
      const bidder = { id: `b${count % 2}`, name: `Bidder ${count % 2}` }
      const amountMinor = auctionNow().minimumNextBidMinor ?? 0
      const bidId = `early-${count}`
      stage.cluster.lots.command(id, {
        type: 'PlaceBid',
        at: Date.now(),
        bidId,
        bidder,
        amountMinor,
      })
    }
    const ann = await enter()
    await eventually(async () => (await ann.places()).length === 62)
    expect((await ann.places()).map((place) => Number.parseInt(place))).toEqual(
      Array.from({ length: 62 }, (_, index) => index + 1),
    )
  })

  it('remembers the visitor when the page is loaded again', async () => {
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    await ann.page.reload()
    await untilStanding(ann, 'You lead')
    rivalBids()
    await untilStanding(ann, 'Outbid')
    await ann.bid()
    await untilStanding(ann, 'You lead')
  })

  it('asks for the name anew when no node knows the token any more', async () => {
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    stage.cluster.guests.clear()
    await ann.page.reload()
    await untilStanding(ann, 'Open')
    await ann.bid('Ann again')
    await untilStanding(ann, 'You lead')
    expect(bids()).toHaveLength(2)
  })

  it('shows what people wrote as text, whatever it looks like', async () => {
    const nasty = '<img src=x onerror="document.title=`owned`"> {{7*7}}'
    anew({ title: nasty, description: `${nasty}<script>document.title='owned'</script>` })
    const ann = await enter()
    await ann.bid('<b>Ann</b>')
    await untilStanding(ann, 'You lead')
    expect(await ann.page.getByRole('heading', { level: 1 }).innerText()).toBe(nasty)
    expect(await ann.page.title()).toBe(`${nasty} · Lotkeeper`)
    expect(await ann.page.locator('main img').count()).toBe(0)
    expect(ann.complaints).toEqual([])
  })

  it('says when there is no such auction', async () => {
    const lost = await enter('01ARZ3NDEKTSV4RRFFQ69G5FAV')
    await lost.page.getByRole('heading', { name: 'No such auction' }).waitFor()
    const garbled = await enter('not-an-id')
    await garbled.page.getByRole('heading', { name: 'No such auction' }).waitFor()
  })

  it('tells the seller that they may not bid', async () => {
    const ann = await enter()
    await ann.bid('Ann')
    await untilStanding(ann, 'You lead')
    const seller = must([...stage.cluster.guests.values()][0], 'guest')
    anew({ seller } as object)
    await ann.page.goto(`${stage.cluster.nodes[0]!.url}/auction/${id}`)
    await ann.page.getByText('you may not bid for it').waitFor()
    expect(await ann.bidButton.getAttribute('aria-disabled')).toBe('true')
  })
})
