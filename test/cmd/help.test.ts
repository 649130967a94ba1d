import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../cmd/program.ts'
import { run } from './run.ts'

const silent = { out: () => undefined, err: () => undefined, onSignal: () => () => undefined }

/** The words that lead to every command: `serve`, `auction create` … */
function pathsOf(command: Command, path: readonly string[] = []): string[][] {
  return command.commands
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => [[...path, child.name()], ...pathsOf(child, [...path, child.name()])])
}
const program = createProgram({ terminal: silent, exitWith: () => undefined })
const paths = pathsOf(program)

describe('help', () => {
  test.each([[], ...paths].map((path) => [path.join(' '), path] as const))(
    'of "lotkeeper %s" tells how it is used, with an example',
    async (_name, path) => {
      const { exitCode, out, err } = await run(...path, '--help')
      expect(exitCode).toBe(0)
      expect(err).toBe('')
      expect(out).toContain(`Usage: lotkeeper ${path.join(' ')}`.trim())
      expect(out).toMatch(/Examples:\n.*lotkeeper/s)
    },
  )

  test('is there for every command of the contract', () => {
    expect(paths.map((path) => path.join(' '))).toEqual(
      expect.arrayContaining([
        ...['serve', 'demo', 'login', 'bid', 'watch', 'cluster status', 'doctor'],
        ...['auction create', 'auction list', 'auction show', 'auction cancel'],
      ]),
    )
  })

  test('names the twin in the environment of every flag', async () => {
    for (const path of paths) {
      const { out } = await run(...path, '--help')
      const flags = [...out.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name ?? '')
      const twins = flags.map((name) => `LOTKEEPER_${name.toUpperCase().replaceAll('-', '_')}`)
      const words = out.replaceAll(/\s+/g, ' ')
      for (const twin of twins) expect(words).toContain(`env: ${twin}`)
    }
  })
})

describe('a command line that cannot be meant', () => {
  test('is answered with what was probably meant, and exit 2', async () => {
    const { exitCode, err, out } = await run('serv')
    expect(exitCode).toBe(2)
    expect(err).toContain('Did you mean serve?')
    expect(out).toBe('')
    expect((await run('bid', 'x', '1', '--bidid', 'y')).err).toContain('Did you mean --bid-id?')
  })

  test('without any command shows help on stderr, and exit 2', async () => {
    const { exitCode, err, out } = await run()
    expect([exitCode, out]).toEqual([2, ''])
    expect(err).toContain('Usage: lotkeeper')
  })
})
