import { CommanderError } from 'commander'
import pc from 'picocolors'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { failureOf } from './failure.ts'
import { createProgram } from './program.ts'
import type { Terminal } from './terminal.ts'

/** Runs one command line (without the program's own name) and resolves with how to exit. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const program = createProgram({ terminal, exitWith: (code) => (exitCode = code) })
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return report(error, terminal)
  }
}

function report(error: unknown, terminal: Terminal): ExitCode {
  const failure = failureOf(error)
  if (failure === undefined) {
    terminal.err(
      `${pc.red('error:')} ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
    )
    return exitCodes.failure
  }
  terminal.err(`${pc.red('error:')} ${failure.message}`)
  if (failure.advice !== undefined) terminal.err(failure.advice)
  return failure.exitCode
}
