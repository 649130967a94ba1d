import { must } from '../../src/lib/assert.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'
import { builtPages } from './built-pages.ts'
import { inTurns } from './in-turns.ts'
import { look, paintEyes, type Seen } from './paint-eyes.ts'
import { startStubCluster, type StubCluster } from './stub-cluster.ts'
import { visit, type Visit } from './visit.ts'

// npm run paint: how soon a real browser shows what a node tells it, and whether a long catalogue scrolls smoothly.
// Exit status 1 when an event was not shown; never for a time: that is the machine's.

const everyMs = 20
const turnCount = 500
const lotCount = 5_000
const scrolledPx = 24_000

const webFolder = builtPages()
const browser = await launchChromium(findChromium())
const cluster = await startStubCluster({ webFolder, nodeCount: 2 })
try {
  if (!(await room(cluster))) process.exitCode = 1
  await catalogue(cluster)
} finally {
  await browser.close()
  await cluster.close()
}

async function enter(path: string): Promise<Visit> {
  const visitor = await visit(browser, `${must(cluster.nodes[0], 'node').url}${path}`, {
    before: paintEyes,
  })
  await visitor.page.getByRole('heading', { level: 1 }).waitFor()
  return visitor
}

function bidOn(id: string, turn: number): void {
  const { minimumNextBidMinor } = must(cluster.lots.record(id), 'lot').auction
  const bidder = { id: `b${turn % 7}`, name: `Bidder ${turn % 7}` }
  const [bidId, amountMinor] = [`paint-${id}-${turn}`, minimumNextBidMinor ?? 0]
  cluster.lots.command(id, { type: 'PlaceBid', at: Date.now(), bidId, bidder, amountMinor })
}

async function room({ lots }: StubCluster): Promise<boolean> {
  const id = lots.create({ title: 'Brass telescope', mayRaiseOwnBid: true })
  const visitor = await enter(`/auction/${id}`)
  const { page } = visitor
  await visitor.timer.waitFor()
  const lookBack = await look(page)
  await inTurns(turnCount, everyMs, (turn) => bidOn(id, turn))
  const newest = lots.events(id).length
  await eventually(async () => (await visitor.places()).at(-1)?.startsWith(`${newest} `) === true, {
    withinMs: 30_000,
  })
  await page.evaluate('new Promise((done) => setTimeout(done, 200))')
  const seen = await lookBack()
  const shownCount = new Set(seen.paintMs.map(([seq]) => seq)).size
  const sorted = seen.paintMs.map(([, ms]) => ms).sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? NaN).toFixed(0)
  console.log(
    `a room at ${1_000 / everyMs} events a second: ${turnCount} sent, ${shownCount} shown`,
  )
  console.log(
    `  from the socket to the paint: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`,
  )
  console.log(`  ${framesInWords(seen)}`)
  await visitor.close()
  return shownCount === turnCount
}

async function catalogue({ lots }: StubCluster): Promise<void> {
  const ids: string[] = []
  for (let lot = 1; lot <= lotCount; lot++) ids.push(lots.create({ title: `Lot ${lot}` }))
  const visitor = await enter('/')
  const { page } = visitor
  const cards = page.getByRole('list', { name: 'Auctions' }).getByRole('listitem')
  const more = page.getByRole('button', { name: 'Show more' })
  await cards.first().waitFor()
  while ((await more.count()) > 0) {
    const before = await cards.count()
    await more.click()
    await eventually(async () => (await cards.count()) > before, { withinMs: 30_000 })
  }
  await page.evaluate('scrollTo(0, 0)')
  const lookBack = await look(page)
  const bids = inTurns(turnCount, everyMs, (turn) => bidOn(must(ids[turn % 200], 'lot'), turn))
  await page.evaluate(`new Promise((done) => {
    const step = () => {
      scrollBy(0, 40)
      if (scrollY < ${scrolledPx} && scrollY + innerHeight < document.body.scrollHeight) requestAnimationFrame(step)
      else done()
    }
    step()
  })`)
  await bids
  const seen = await lookBack()
  console.log(
    `a catalogue of ${lotCount}, ${await cards.count()} cards on the page, scrolled while prices change`,
  )
  console.log(`  ${framesInWords(seen)}`)
  await visitor.close()
}

function framesInWords({ longestTaskMs, frameCount, droppedCount, busyMs }: Seen): string {
  const longest = longestTaskMs === 0 ? 'none over 50 ms' : `${longestTaskMs.toFixed(0)} ms`
  const perEvent = (busyMs / turnCount).toFixed(1)
  return `longest task ${longest}; ${frameCount} frames, ${droppedCount} dropped; ${perEvent} ms of the main thread per event`
}
