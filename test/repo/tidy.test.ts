import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// The shape of the code, so that reviews can speak of its design.

const top = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
function filesBelow(folder: string): string[] {
  return readdirSync(join(top, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1))
}
const read = (file: string) => readFileSync(join(top, file), 'utf8')
const lineCount = (file: string) => read(file).split('\n').length - 1
const product = ['cmd', 'src', 'frontend/src']
  .flatMap(filesBelow)
  .filter((file) => /\.tsx?$/.test(file))
const tests = filesBelow('test').filter((file) => file.endsWith('.ts'))
const texts = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...filesBelow('docs'),
].filter((file) => file.endsWith('.md'))

describe('files', () => {
  it('are short: the median at most 80 lines, none over 400', () => {
    const counts = product.map(lineCount).sort((a, b) => a - b)
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(80)
    expect(product.filter((file) => lineCount(file) > 400)).toEqual([])
  })
  it('are named after one noun, in kebab-case; none is a barrel or a drawer', () => {
    const names = product.map((file) => basename(file).replace(/\.(d\.)?tsx?$/, ''))
    expect(names.filter((name) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))).toEqual([])
    expect(
      names.filter((name) => /^(index|utils?|helpers?|misc|common|types)$/.test(name)),
    ).toEqual([])
  })
  it('stand in the house: top-level folders are those of the architecture', () => {
    const known = [
      '.ci',
      '.git',
      '.cache',
      'cmd',
      'coverage',
      'deploy',
      'dist',
      'docs',
      'frontend',
      'lotkeeper-data',
      'node_modules',
      'src',
      'test',
    ]
    const folders = readdirSync(top, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    expect(folders.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
  })
})

describe('words', () => {
  it('that name nothing are not used for types or files', () => {
    const empty =
      /\b(?:class|interface|type|function|const) \w*(?:Manager|Helper|Util|Service|Impl)\b(?!State)/
    // One file speaks of the insides of a library in that library's words.
    const own = product.filter((file) => file !== 'src/store/zookeeper/library.ts')
    expect(own.filter((file) => empty.test(read(file)))).toEqual([])
  })
  it('of unfinished work do not stand in the code', () => {
    const unfinished = new RegExp(
      `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
    )
    expect([...product, ...tests].filter((file) => unfinished.test(read(file)))).toEqual([])
  })
})

describe('tests', () => {
  it('have a known suffix, and none is focused or switched off without a reason', () => {
    const focused = /\b(?:it|test|describe)\.(?:only|todo)\b/
    expect(tests.filter((file) => focused.test(read(file)))).toEqual([])
    expect(tests.filter((file) => /\.(spec|int|e2e)\.ts$/.test(file))).toEqual([])
  })
})

describe('texts', () => {
  it('link only to what is there', () => {
    const broken = texts.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, link]) => join(dirname(file), link ?? ''))
        .filter((path) => !existsSync(join(top, path)))
        .map((path) => `${file} -> ${path}`),
    )
    expect(broken).toEqual([])
  })
  it('name only scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = texts.flatMap((file) =>
      [...read(file).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? ''),
    )
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([])
  })
})
