import type { DemoTallyJson } from '../../../src/protocol/demo.ts'
import { say } from '../words/say.ts'

/** The robots' bids: how many were acknowledged, are in the journal, and are not. */
export function DemoTally({ tally }: { tally: DemoTallyJson }) {
  const { acknowledged, found, lost } = tally
  const figures = [
    ['demoAcknowledged', acknowledged],
    ['demoFound', found],
    ['demoLost', lost],
  ] as const
  // The newest are looked for once a second: a smaller figure alone would look like a loss.
  const pending = acknowledged - found - lost
  return (
    <dl class="demo-tally" aria-label={say('demoTally')}>
      {figures.map(([words, count]) => (
        <div key={words} data-figure={words} data-count={count}>
          <dt>{say(words)}</dt>
          <dd class="number">
            {count}
            {words === 'demoFound' && pending > 0 && (
              <span class="small muted"> {say('demoPending', { count: pending })}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
