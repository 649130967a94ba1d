import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import ts from 'typescript'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const rulesFolder = `${root}src/auction/`
const fixture = `${rulesFolder}increment.ts`

describe('the linter bars clocks and chance from the rules', () => {
  // The project's own configuration, without the rules that need types: they are slow, and not in question here.
  const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] })
  async function complaints(line: string): Promise<(string | null)[]> {
    const code = `export function impure(): unknown {\n  return ${line}\n}\n`
    const [result] = await eslint.lintText(code, { filePath: fixture })
    return (result?.messages ?? []).map(({ ruleId }) => ruleId)
  }

  it.each([
    ['Date.now()', 'no-restricted-properties'],
    ['new Date()', 'no-restricted-syntax'],
    ['Date()', 'no-restricted-syntax'],
    ['Math.random()', 'no-restricted-properties'],
    ['performance.now()', 'no-restricted-properties'],
    ['setTimeout(() => 1, 5)', 'no-restricted-globals'],
    ['setInterval(() => 1, 5)', 'no-restricted-globals'],
  ])('%s', { timeout: 60_000 }, async (line, rule) => {
    expect(await complaints(line)).toContain(rule)
  })

  it('and nothing else: arithmetic passes', { timeout: 60_000 }, async () => {
    expect(await complaints('Math.max(1, 2)')).toEqual([])
  })
})

describe('the compiler bars the machine from the rules', () => {
  const config = ts.getParsedCommandLineOfConfigFile(`${rulesFolder}tsconfig.json`, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: () => undefined,
  })
  const options = config?.options ?? {}
  function diagnostics(code: string): string[] {
    const host = ts.createCompilerHost(options)
    const read = host.getSourceFile.bind(host)
    host.getSourceFile = (name, ...rest) =>
      name === fixture
        ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2023)
        : read(name, ...rest)
    const program = ts.createProgram([fixture], options, host)
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  }

  it('knows no names of Node or the browser', { timeout: 60_000 }, () => {
    expect(options.types).toEqual([])
    expect(config?.fileNames.length).toBeGreaterThan(10)
    const found = diagnostics(`
      import { readFileSync } from 'node:fs'
      export const impure = [
        readFileSync, setTimeout, setInterval, process, performance, fetch, crypto, console, window,
      ]
    `).join('\n')
    const names = 'setTimeout setInterval process performance fetch crypto console window'.split(
      ' ',
    )
    for (const name of ['node:fs', ...names]) expect(found).toContain(name)
    expect(diagnostics('export const pure = Math.max(1, 2)\n')).toEqual([])
  })
})
