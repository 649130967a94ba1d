import { closeSync, openSync, writeSync } from 'node:fs'
import type { HistoryLine } from '../checker/history.ts'

/** Keeps the history in memory and in a file, so that a run that breaks off leaves what it saw. */
export interface Recorder {
  readonly file: string
  readonly lines: readonly HistoryLine[]
  /** Milliseconds on the clock that every line is stamped with. */
  now(): number
  add(line: HistoryLine): void
  close(): void
}

const flushBytes = 64 * 1024

export function createRecorder(file: string): Recorder {
  const lines: HistoryLine[] = []
  const descriptor = openSync(file, 'w')
  let waiting = ''
  const flush = () => {
    writeSync(descriptor, waiting)
    waiting = ''
  }
  return {
    file,
    lines,
    now: () => Math.round(performance.now() * 1_000) / 1_000,
    add(line) {
      lines.push(line)
      waiting += `${JSON.stringify(line)}\n`
      if (waiting.length > flushBytes || line.t === 'fault') flush()
    },
    close() {
      flush()
      closeSync(descriptor)
    },
  }
}
