/**
 * A doorbell: rings merge while nobody listens, none is lost. One listener at a time.
 * Iterating yields once per ring (or merged rings) until `signal` aborts or `close` is called; it never throws.
 */
export interface Doorbell extends AsyncIterable<void> {
  ring(): void
  close(): void
}

export function createDoorbell(signal?: AbortSignal): Doorbell {
  let isRung = false
  let isClosed = signal?.aborted ?? false
  let wake: (() => void) | undefined
  const close = () => {
    isClosed = true
    wake?.()
  }
  signal?.addEventListener('abort', close, { once: true })
  return {
    ring() {
      isRung = true
      wake?.()
    },
    close,
    async *[Symbol.asyncIterator]() {
      try {
        while (!isClosed) {
          if (!isRung) await new Promise<void>((resolve) => (wake = resolve))
          wake = undefined
          if (!isRung) continue
          isRung = false
          yield
        }
      } finally {
        signal?.removeEventListener('abort', close)
      }
    },
  }
}
