import type { CDPSession, Page } from 'playwright-core'

/** What a page noted of itself between two looks. */
export interface Seen {
  /** From an event's arrival on the socket to the frame after the one that showed it, in ms; a place for each event. */
  readonly paintMs: readonly (readonly [seq: number, ms: number])[]
  readonly longestTaskMs: number
  readonly frameCount: number
  /** Frames that a screen of 60 a second would have shown and this page did not. */
  readonly droppedCount: number
  /** Processor time of the page's main thread, also on a machine that is busy with other things. */
  readonly busyMs: number
}

/** Runs before the page's own scripts: notes when events arrive, when their rows are painted, long tasks and frames. */
export const paintEyes = `(() => {
  const frameMs = 1000 / 60
  const heardMs = new Map()
  const Plain = WebSocket
  globalThis.WebSocket = class extends Plain {
    constructor(...words) {
      super(...words)
      this.addEventListener('message', ({ data }) => {
        const nowMs = performance.now()
        const frame = JSON.parse(data)
        if (frame.type !== 'events') return
        for (const { seq } of frame.events) if (!heardMs.has(seq)) heardMs.set(seq, nowMs)
      })
    }
  }
  let paintMs, longestTaskMs, frameCount, droppedCount, lastFrameMs
  const begin = () => {
    paintMs = []
    longestTaskMs = frameCount = droppedCount = 0
    lastFrameMs = undefined
  }
  begin()
  const afterPaint = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = then
    port2.postMessage(0)
  })
  new MutationObserver((changes) => {
    const shown = changes
      .flatMap(({ addedNodes }) => [...addedNodes])
      .filter((node) => node.dataset?.seq !== undefined)
      .map((node) => Number(node.dataset.seq))
    if (shown.length === 0) return
    afterPaint(() => {
      const nowMs = performance.now()
      for (const seq of shown) if (heardMs.has(seq)) paintMs.push([seq, nowMs - heardMs.get(seq)])
    })
  }).observe(document, { childList: true, subtree: true })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  }).observe({ type: 'longtask' })
  const count = (nowMs) => {
    if (lastFrameMs !== undefined) {
      frameCount++
      droppedCount += Math.max(0, Math.round((nowMs - lastFrameMs) / frameMs) - 1)
    }
    lastFrameMs = nowMs
    requestAnimationFrame(count)
  }
  requestAnimationFrame(count)
  globalThis.eyes = {
    begin,
    seen: () => ({ paintMs, longestTaskMs, frameCount, droppedCount }),
  }
})()`

/** Begins a look; the function that it returns ends it. */
export async function look(page: Page): Promise<() => Promise<Seen>> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const beganMs = await threadMs(devTools)
  await page.evaluate('eyes.begin()')
  return async () => {
    const seen = await page.evaluate<Omit<Seen, 'busyMs'>>('eyes.seen()')
    return { ...seen, busyMs: (await threadMs(devTools)) - beganMs }
  }
}

async function threadMs(devTools: CDPSession): Promise<number> {
  const { metrics } = await devTools.send('Performance.getMetrics')
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value
  if (seconds === undefined) throw new Error('the browser does not tell how busy it was')
  return seconds * 1_000
}
