import { readFileSync } from 'node:fs'
import { parseHistory } from '../checker/history.ts'
import { judgeHistory, judgementText } from '../checker/judgement.ts'
import { runCampaign } from './campaign.ts'
import { parseOptions, type ToDo } from './options.ts'
import { play } from './play.ts'
import { campaignOf } from './report/campaign.ts'
import { campaignText } from './report/campaign-text.ts'
import { readResults } from './run-result.ts'
import { verdictText } from './verdict-text.ts'

const toDo = parseOptions(process.argv)
const startMs = performance.now()
const say = (progress: string) => {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
  process.stderr.write(`${seconds.padStart(6)} s  ${progress}\n`)
}

// Asked to stop: whatever was started is ended on the way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

// Whatever still listens somewhere must not keep a finished run alive.
process.exit((await does(toDo)) ? 0 : 1)

async function does({ options, check: oldHistory }: ToDo): Promise<boolean> {
  if (oldHistory !== undefined) return judgeOld(oldHistory)
  if (options.nemesis !== undefined) {
    const { results, brokenOff } = await runCampaign(toDo, say)
    const all = toDo.resume === undefined ? results : readResults(toDo.resume)
    if (options.json) console.log(JSON.stringify(results, null, 2))
    else console.log(campaignText(campaignOf(all)))
    if (brokenOff > 0) say(`${brokenOff} runs broke off; the same command runs them again`)
    return brokenOff === 0 && results.every(({ passed }) => passed)
  }
  const { verdict, folder } = await play(options, say)
  console.log(options.json ? JSON.stringify(verdict, null, 2) : verdictText(verdict, options))
  if (folder !== undefined) say(`logs and history: ${folder}`)
  return verdict.passed
}

function judgeOld(file: string): boolean {
  const judgement = judgeHistory(parseHistory(readFileSync(file, 'utf8')))
  console.log(judgementText(file, judgement))
  return judgement.passed
}
