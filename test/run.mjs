// npm test: installs what is needed, checks the code, runs every test, and ends with one line of real counts.
// Further words go to vitest: npm test -- test/auction
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { prepare, top } from '../deploy/prepare.mjs'
import { providePrograms } from './programs.mjs'

await prepare()
providePrograms()

const cache = join(top, '.cache')
const report = join(cache, 'vitest.json')
mkdirSync(cache, { recursive: true })
rmSync(report, { force: true })

const words = process.argv.slice(2)
const run = (command, args) => spawnSync(command, args, { cwd: top, stdio: 'inherit' }).status ?? 1
const npm = (...args) => {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') ? run(process.execPath, [path, ...args]) : run('npm', args)
}

let checkStatus = 0
if (words.length === 0) {
  console.error('npm run check: types, lint, format, layers, dead code')
  checkStatus = npm('run', '-s', 'check')
  if (checkStatus !== 0) console.error('npm run check failed; the tests run all the same')
}

/** Once more, shortly, where who reads the end of a long log finds it. */
const tellFailures = ({ name, status, message, assertionResults }) => {
  if (status !== 'failed') return
  const failed = assertionResults.filter((test) => test.status === 'failed')
  const firstLine = (text) =>
    stripVTControlCharacters(text ?? '')
      .split('\n')[0]
      .slice(0, 300)
  console.log(
    `\nfailed: ${relative(top, name)}${failed.length > 0 ? '' : `: ${firstLine(message)}`}`,
  )
  for (const test of failed) {
    console.log(`  ${test.fullName}\n    ${firstLine(test.failureMessages[0])}`)
  }
}

const vitest = join(top, 'node_modules', 'vitest', 'vitest.mjs')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
const testStatus = run(process.execPath, [vitest, 'run', ...reporters, ...words])

let counts = { passed: 0, failed: 1, skipped: 0 }
try {
  const results = JSON.parse(readFileSync(report, 'utf8'))
  const brokenFiles = results.testResults.filter(
    (file) =>
      file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length
  for (const file of results.testResults) tellFailures(file)
  counts = {
    passed: results.numPassedTests,
    failed: results.numFailedTests + brokenFiles,
    skipped: results.numPendingTests + results.numTodoTests,
  }
} catch (error) {
  console.error(`no results were written: ${error.message}`)
}
if (checkStatus !== 0) counts.failed++
if (testStatus !== 0 && counts.failed === 0) counts.failed = 1
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
const line = `${counts.passed} passed, ${counts.failed} failed${skipped}`
writeFileSync(join(cache, 'counts.txt'), `${line}\n`)
console.log(`\n${line}`)
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0)
