import type { Socket } from 'node:net'

/** One direction of a proxied connection. */
export interface Pipe {
  /** Bytes were thrown away, so that the stream makes no sense to its reader any more. */
  readonly hasDropped: boolean
  /** Looks again at what is asked of it. */
  refresh(): void
  stop(): void
}

interface PipeOptions {
  held(): 'delivered' | 'dropped' | undefined
  delayMs(): number
  /** What of this chunk goes on; called when the chunk leaves. */
  pass(chunk: Buffer): Buffer
}

/** Chunks in order from one socket to another, each after its delay; stops reading while silent (as a full network would). */
export function createPipe(source: Socket, sink: Socket, options: PipeOptions): Pipe {
  const waiting: { atMs: number; chunk: Buffer | 'end' }[] = []
  let hasDropped = false
  let isStopped = false
  let timer: NodeJS.Timeout | undefined

  const send = (chunk: Buffer | 'end') => {
    if (sink.destroyed) return
    if (chunk === 'end') {
      sink.end()
      return
    }
    const passed = options.pass(chunk)
    if (passed.length > 0 && !sink.write(passed)) {
      source.pause()
      sink.once('drain', flush)
    }
  }

  const flush = () => {
    clearTimeout(timer)
    if (isStopped) return
    const held = options.held()
    if (held === 'delivered') {
      source.pause()
      return
    }
    if (held === 'dropped') {
      hasDropped ||= waiting.length > 0
      waiting.length = 0
    }
    while (waiting[0] !== undefined && waiting[0].atMs <= performance.now()) {
      // It flushes when it has drained.
      if (sink.writableNeedDrain) return
      send(waiting[0].chunk)
      waiting.shift()
    }
    if (waiting[0] !== undefined) timer = setTimeout(flush, waiting[0].atMs - performance.now() + 1)
    if (!sink.writableNeedDrain) source.resume()
  }

  const take = (chunk: Buffer | 'end') => {
    waiting.push({ atMs: performance.now() + options.delayMs(), chunk })
    flush()
  }
  source.on('data', take)
  source.on('end', () => take('end'))
  flush()

  return {
    get hasDropped() {
      return hasDropped
    },
    refresh: flush,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
