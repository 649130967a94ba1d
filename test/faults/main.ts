import { readFileSync } from 'node:fs'
import { check } from '../checker/checker.ts'
import { parseHistory } from '../checker/history.ts'
import { parseOptions } from './options.ts'
import { play } from './play.ts'
import { verdictText } from './verdict-text.ts'

const { options, check: oldHistory } = parseOptions(process.argv)
const startMs = performance.now()
const say = (progress: string) => {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stderr.write(`${seconds.padStart(6)} s  ${progress}\n`)
}

if (oldHistory === undefined) {
  const { verdict, folder } = await play(options, say)
  console.log(options.json ? JSON.stringify(verdict, null, 2) : verdictText(verdict, options))
  if (folder !== undefined) say(`logs and history: ${folder}`)
  // Whatever still listens somewhere must not keep a finished run alive.
  process.exit(verdict.passed ? 0 : 1)
} else {
  const violations = check(parseHistory(readFileSync(oldHistory, 'utf8')))
  for (const { rule, detail, auctionId = '' } of violations)
    console.log(`VIOLATION ${rule} ${auctionId}: ${detail}`)
  console.log(`${violations.length} violations`)
  process.exit(violations.length === 0 ? 0 : 1)
}
