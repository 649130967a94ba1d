import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { parseHistory } from './history.ts'
import { judgeHistory, judgementText } from './judgement.ts'

const command = new Command('check-history')
  .description('Judges histories that the simulator or the fault runner left.')
  .argument('<file...>', 'histories, one JSON object a line')
  .option('--json', 'one JSON object a file, and one for all', false)
  .addHelpText(
    'after',
    '\nExit code: 0 sound, 1 violations, cut off or nothing to judge, 2 no history.',
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
const { json } = command.opts<{ json: boolean }>()

let violationCount = 0
let passed = true
for (const file of command.args) {
  try {
    const judgement = judgeHistory(parseHistory(readFileSync(file, 'utf8')))
    console.log(json ? JSON.stringify({ file, ...judgement }) : judgementText(file, judgement))
    violationCount += judgement.violations.length
    passed &&= judgement.passed
  } catch (error) {
    // Also a file that cannot be opened: whoever asked about it must not take silence for soundness.
    process.stderr.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}
const histories = command.args.length
console.log(
  json
    ? JSON.stringify({ violations: violationCount, histories, passed })
    : `${violationCount} violations in ${histories} histories`,
)
process.exit(passed ? 0 : 1)
