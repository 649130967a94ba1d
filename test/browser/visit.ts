import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'

/** One person's tab on an auction page, in a browser profile of their own; found by role and name, as people find things. */
export interface Visit {
  readonly page: Page
  readonly bidButton: Locator
  readonly amountField: Locator
  readonly timer: Locator
  readonly connection: Locator
  /** The words of the standing. */
  standing(): Promise<string>
  /** What the history tells, oldest first, without the times: `Ann $105.00`. */
  history(): Promise<string[]>
  /** The events of the history by their place in the journal, oldest first: `3 BidAccepted`. */
  places(): Promise<string[]>
  /** Presses the bid button; says the name where it is asked for. */
  bid(name?: string): Promise<void>
  /** Errors and refusals by policy that the browser complained of. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** As much of the DOM as is used in the page; these files know no browser types. */
interface RowElement {
  readonly dataset: Readonly<Record<string, string | undefined>>
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string }>
}

export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & {
    /** Runs in the page before its own scripts. */ before?: string
  } = {},
): Promise<Visit> {
  const { before, ...contextOptions } = options
  const context = await browser.newContext({ serviceWorkers: 'block', ...contextOptions })
  if (before !== undefined) await context.addInitScript(before)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto(url)
  const bidButton = page.getByRole('button', { name: /^Bid / })
  const rows = page.getByRole('log').getByRole('listitem')
  return {
    page,
    bidButton,
    amountField: page.getByLabel('Your bid'),
    timer: page.getByRole('timer'),
    connection: page.getByRole('status', { name: 'Connection' }),
    standing: () => page.locator('.panel').getByRole('status').innerText(),
    async history() {
      const told = await rows.evaluateAll((items: unknown) =>
        (items as RowElement[]).map((item) =>
          [...item.querySelectorAll('.what, .money')].map((part) => part.textContent).join(' '),
        ),
      )
      return told.reverse()
    },
    async places() {
      const told = await rows.evaluateAll((items: unknown) =>
        (items as RowElement[]).map((item) => `${item.dataset['seq']} ${item.dataset['type']}`),
      )
      return told.reverse()
    },
    async bid(name) {
      await bidButton.click()
      if (name === undefined) return
      await page.getByLabel('Your name').fill(name)
      await page.getByLabel('Your name').press('Enter')
    },
    complaints,
    close: () => context.close(),
  }
}

/** Waits until the visitor's standing is told in these words. */
export async function untilStanding(
  visitor: Visit,
  words: string,
  withinMs = 10_000,
): Promise<void> {
  await eventually(async () => (await visitor.standing()) === words, {
    withinMs,
    what: `standing "${words}"`,
  })
}

export async function untilText(locator: Locator, text: string | RegExp, withinMs = 10_000) {
  await eventually(
    async () => {
      const seen = await locator.innerText({ timeout: 1_000 })
      if (typeof text === 'string' ? seen.includes(text) : text.test(seen)) return true
      throw new Error(`seen: ${seen}`)
    },
    { withinMs, what: `text ${String(text)}` },
  )
}
