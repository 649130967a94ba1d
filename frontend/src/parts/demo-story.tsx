import type { DemoStateJson } from '../../../src/protocol/demo.ts'
import { factInWords, lostInWords } from '../state/demo-fact.ts'
import { movesAfter, type DemoMove } from '../state/demo-moves.ts'
import { say } from '../words/say.ts'
import { Instant } from './instant.tsx'

/** Told at once; the older ones are on the terminal. */
const shownMax = 8

/** What was done to nodes, and what came of it, the newest first. */
export function DemoStory({ state, moves }: { state: DemoStateJson; moves: readonly DemoMove[] }) {
  const { facts, tally } = state
  const newestId = facts.at(-1)?.id
  return (
    <section class="demo-story" aria-labelledby="demo-story">
      <h2 id="demo-story">{say('demoStory')}</h2>
      {facts.length === 0 ? (
        <p class="muted">{say('demoNoStory')}</p>
      ) : (
        <div role="log" aria-labelledby="demo-story" tabIndex={0}>
          <ol>
            {facts
              .slice(-shownMax)
              .toReversed()
              .map((fact) => (
                <li key={fact.id} data-kind={fact.kind}>
                  <span class="small muted">
                    <Instant at={fact.at} nowMs={Date.parse(fact.at)} />
                  </span>
                  <span>
                    {[
                      ...factInWords(fact, movesAfter(fact, facts, moves)),
                      ...(fact.id === newestId ? [lostInWords(tally)] : []),
                    ].join(' · ')}
                  </span>
                </li>
              ))}
          </ol>
        </div>
      )}
    </section>
  )
}
