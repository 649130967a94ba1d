import type { DemoStateJson, Temperament } from '../../../src/protocol/demo.ts'
import { say } from '../words/say.ts'

const temperamentWords = {
  'early-bird': 'demoEarlyBird',
  sniper: 'demoSniper',
  stubborn: 'demoStubborn',
  cautious: 'demoCautious',
  jumper: 'demoJumper',
  waverer: 'demoWaverer',
} as const satisfies Record<Temperament, string>

/** Who bids, and how. */
export function DemoRobots({ robots }: { robots: DemoStateJson['robots'] }) {
  if (robots.length === 0) return null
  return (
    <section class="demo-robots" aria-labelledby="demo-robots">
      <h2 id="demo-robots">{say('demoRobots')}</h2>
      <dl class="small">
        {robots.map(({ name, temperament }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="muted">{say(temperamentWords[temperament])}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
