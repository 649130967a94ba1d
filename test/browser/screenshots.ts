import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createNodeClient } from '../../src/client/node.ts'
import { findChromium, launchChromium } from '../support/chromium.ts'
import { serveNode } from './served-node.ts'
import { untilText, visit } from './visit.ts'

// npm run screenshots: the pages as they are, at phone and desktop width, light and dark, into docs/screenshots/.

const folder = join(import.meta.dirname, '../../docs/screenshots')
const widths = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const
const themes = ['light', 'dark'] as const

mkdirSync(folder, { recursive: true })
const node = await serveNode({ store: 'memory:', nodeId: 'n1' })
const browser = await launchChromium(findChromium())
try {
  const as = async (name: string) => {
    const client = createNodeClient({ urls: [node.url] })
    await client.session.create(name)
    return client
  }
  const [seller, ann, bob] = [await as('Selma'), await as('Ann'), await as('Bob')]
  const terms = { startPrice: '120.00', increment: '5.00', durationMs: 900_000 }
  const { id } = await seller.auctions.create({
    title: 'Brass sextant, London 1875',
    description: 'In its fitted mahogany case. The mirrors are original.',
    ...terms,
  })
  for (const title of [
    'Sea chart of the Hebrides',
    'Ship’s bell, bronze',
    'Boxwood parallel rule',
  ]) {
    await seller.auctions.create({ title, ...terms })
  }
  for (const [turn, amount] of [120, 125, 135, 140, 150, 160].entries()) {
    const bidder = turn % 2 === 0 ? ann : bob
    await bidder.bid({ auctionId: id, amount: `${amount}.00` })
  }
  const pages = { catalogue: '/', room: `/auction/${id}`, sell: '/sell', cluster: '/cluster' }
  for (const [device, viewport] of Object.entries(widths)) {
    for (const colorScheme of themes) {
      for (const [name, path] of Object.entries(pages)) {
        const visitor = await visit(browser, node.url + path, { viewport, colorScheme })
        if (name === 'room') await untilText(visitor.connection, /Live/, 10_000)
        await visitor.page.getByRole('main').waitFor()
        await visitor.page.waitForLoadState('networkidle')
        const file = `${name}-${device}-${colorScheme}.png`
        await visitor.page.screenshot({ path: join(folder, file) })
        console.error(file)
        await visitor.close()
      }
    }
  }
  for (const client of [seller, ann, bob]) client.close()
} finally {
  await browser.close()
  await node.kill()
}
