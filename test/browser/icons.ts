import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium, launchChromium } from '../support/chromium.ts'

// npm run icons: the app's icon as PNG, drawn from frontend/public/favicon.svg. A maskable one is full to its edges, with the
// sign inside the middle 80 % that no phone cuts off.

const folder = join(import.meta.dirname, '../../frontend/public')
const svg = readFileSync(join(folder, 'favicon.svg'), 'utf8')
const ground = /<rect[^>]*fill="(#\w+)"/.exec(svg)?.[1] ?? '#000'

const icons = [
  ['icon-192.png', 192, false],
  ['icon-512.png', 512, false],
  ['icon-maskable-512.png', 512, true],
] as const

const browser = await launchChromium(findChromium())
try {
  for (const [name, size, isMaskable] of icons) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    const share = isMaskable ? 80 : 100
    await page.setContent(
      `<style>html,body{margin:0;height:100%;background:${isMaskable ? ground : 'transparent'}}` +
        `svg{position:absolute;inset:${(100 - share) / 2}%;width:${share}%;height:${share}%}</style>${svg}`,
    )
    writeFileSync(join(folder, name), await page.screenshot({ omitBackground: true }))
    console.error(name)
    await page.close()
  }
} finally {
  await browser.close()
}
