import { writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { readResults } from '../run-result.ts'
import { campaignOf } from './campaign.ts'
import { campaignPage, campaignText } from './campaign-text.ts'

// npm run faults-report -- FILE… [--html OUT]: what the runs of a campaign showed together.

const command = new Command('faults-report')
  .description('Sums up a campaign of fault runs, one table for each store.')
  .argument(
    '<files...>',
    'results, one JSON object a line, as `npm run faults -- --resume` wrote them',
  )
  .option('--html <out>', 'write the tables as an HTML page there too')
  .parse(process.argv)
const { html } = command.opts<{ html?: string }>()
const results = command.args.flatMap(readResults)
const campaign = campaignOf(results)
console.log(campaignText(campaign))
if (html !== undefined) writeFileSync(html, campaignPage(campaign))
process.exit(results.length > 0 && results.every(({ passed }) => passed) ? 0 : 1)
