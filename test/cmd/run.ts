import { stripVTControlCharacters } from 'node:util'
import { runProgram } from '../../cmd/run-program.ts'
import type { EndSignal } from '../../cmd/terminal.ts'

/** One command line, run in this process against a terminal of our own. */
export interface Run {
  readonly out: string[]
  readonly err: string[]
  readonly exitCode: Promise<number>
  interrupt(): void
}

export function start(...args: string[]): Run {
  const out: string[] = []
  const err: string[] = []
  const listeners = new Set<(name: EndSignal) => void>()
  const keep = (lines: string[]) => (text: string) =>
    void lines.push(...stripVTControlCharacters(text).split('\n'))
  const exitCode = runProgram(args, {
    out: keep(out),
    err: keep(err),
    onSignal(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  })
  return { out, err, exitCode, interrupt: () => listeners.forEach((tell) => tell('SIGINT')) }
}

export async function run(...args: string[]) {
  const started = start(...args)
  const exitCode = await started.exitCode
  return { exitCode, out: started.out.join('\n'), err: started.err.join('\n') }
}
