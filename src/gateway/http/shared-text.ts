import type { Clock } from '../../lib/clock.ts'

export interface SharedText {
  readonly contentType: string
  readonly body: Buffer
}

/** Makes a text at most once in `keptMs`, however many ask for it; they all get the same bytes. */
export function createSharedText(deps: {
  clock: Clock
  keptMs: number
  make: () => Promise<{ contentType: string; body: string }>
}): () => Promise<SharedText> {
  const { clock, keptMs, make } = deps
  let kept: { text: Promise<SharedText>; untilMs: number } | undefined
  return () => {
    const nowMs = clock.monotonicMs()
    if (kept !== undefined && nowMs < kept.untilMs) return kept.text
    const text = make().then(({ contentType, body }) => ({ contentType, body: Buffer.from(body) }))
    const mine = { text, untilMs: nowMs + keptMs }
    kept = mine
    text.catch(() => {
      if (kept === mine) kept = undefined
    })
    return text
  }
}
