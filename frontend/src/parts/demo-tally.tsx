import type { DemoTallyJson } from '../../../src/protocol/demo.ts'
import { say } from '../words/say.ts'

/** The robots' bids: how many were acknowledged, are in the journal, and are not. */
export function DemoTally({ tally }: { tally: DemoTallyJson }) {
  const figures = [
    ['demoAcknowledged', tally.acknowledged],
    ['demoFound', tally.found],
    ['demoLost', tally.lost],
  ] as const
  return (
    <dl class="demo-tally" aria-label={say('demoTally')}>
      {figures.map(([words, count]) => (
        <div key={words} data-figure={words} data-count={count}>
          <dt>{say(words)}</dt>
          <dd class="number">{count}</dd>
        </div>
      ))}
    </dl>
  )
}
