import { stripVTControlCharacters } from 'node:util'

/** Where a command reads from and writes to, so that a test can be the terminal. */
export interface Terminal {
  /** Data: what a script would read. */
  readonly out: (line: string) => void
  /** Everything for people: progress, hints, errors. */
  readonly err: (line: string) => void
  /** Told at each SIGINT and SIGTERM, which then do nothing else. Returns the way to stop listening. */
  readonly onSignal: (listener: (name: EndSignal) => void) => () => void
}

export type EndSignal = 'SIGINT' | 'SIGTERM'

const endSignals = ['SIGINT', 'SIGTERM'] as const

export function createProcessTerminal(): Terminal {
  // `lotkeeper watch … | head -3`: the reader has enough, and so have we.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  return {
    out: lineWriter(process.stdout),
    err: lineWriter(process.stderr),
    onSignal(listener) {
      for (const name of endSignals) process.on(name, listener)
      return () => {
        for (const name of endSignals) process.off(name, listener)
      }
    },
  }
}

/** No command of ours writes it: controls other than line breaks, tabs and colours, and what turns the direction of text. */
// eslint-disable-next-line no-control-regex -- these are what it is for
const foreign = /(?!\u001b\[[\d;]*m)[\p{Cc}\u202a-\u202e\u2066-\u2069](?<![\n\t])/gu

/** Colours are for people: who reads from a pipe gets plain text, also where `CI` is set. `FORCE_COLOR` asks for them all the same. */
function lineWriter(stream: NodeJS.WriteStream): (line: string) => void {
  const plain = !stream.isTTY && (process.env['FORCE_COLOR'] ?? '') === ''
  return (line) => {
    const coloured = line.replace(foreign, '')
    stream.write(`${plain ? stripVTControlCharacters(coloured) : coloured}\n`)
  }
}
