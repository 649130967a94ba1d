import { accessSync, constants } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const wellKnown = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser that the tests of the pages use, or why there is none. */
export type FoundChromium = { path: string } | { missing: string }

/**
 * `CHROMIUM_PATH`, else a browser at a well-known place. Where there is none the tests of the pages are skipped, which is
 * said loudly, or fail when `LOTKEEPER_TEST_REQUIRE` names chromium.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): FoundChromium {
  const wanted = env['CHROMIUM_PATH']
  const path = (wanted === undefined ? wellKnown : [wanted]).find(isExecutable)
  if (path !== undefined) return { path }
  const missing = `no Chromium at ${wanted ?? wellKnown.join(' or ')}: apt-get install chromium, or set CHROMIUM_PATH`
  if ((env['LOTKEEPER_TEST_REQUIRE'] ?? '').split(',').includes('chromium')) {
    throw new Error(`LOTKEEPER_TEST_REQUIRE names chromium, but there is ${missing}`)
  }
  console.warn(`\nNOT TESTED: the pages in a real browser. There is ${missing}\n`)
  return { missing }
}

/** A browser with a profile of its own, gone when closed. */
export async function launchChromium(found: FoundChromium): Promise<Browser> {
  if ('missing' in found) throw new Error(found.missing)
  return chromium.launch({
    executablePath: found.path,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
