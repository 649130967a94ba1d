import type { DemoStateJson } from '../../../src/protocol/demo.ts'
import { factInWords, harmOf, lostInWords } from '../state/demo-fact.ts'
import { movesAfter, type DemoMove } from '../state/demo-moves.ts'

/** What came of the death or the freeze of a node, beside the button that did it; the story below has it all. */
export function DemoAftermath(props: {
  nodeId: string
  state: DemoStateJson
  moves: readonly DemoMove[]
}) {
  const { facts, tally } = props.state
  const harm = harmOf(props.nodeId, facts)
  if (harm === undefined) return null
  const [, ...came] = factInWords(harm, movesAfter(harm, facts, props.moves))
  return (
    <ul class="demo-aftermath small">
      {[...came, lostInWords(tally)].map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  )
}
