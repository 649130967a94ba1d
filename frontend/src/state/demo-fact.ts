import type { DemoFactJson, DemoTallyJson } from '../../../src/protocol/demo.ts'
import { say } from '../words/say.ts'
import type { DemoMove } from './demo-moves.ts'
import { spanInWords } from './time-left.ts'

const factWords = {
  killed: 'demoFactKilled',
  frozen: 'demoFactFrozen',
  thawed: 'demoFactThawed',
  restarted: 'demoFactRestarted',
  died: 'demoFactDied',
} as const satisfies Record<DemoFactJson['kind'], string>

/** What was done to a node, and what came of it: one phrase each. */
export function factInWords(fact: DemoFactJson, moves: readonly DemoMove[]): string[] {
  const { nodeId: node, kind, nextBidAfterMs } = fact
  return [
    say(factWords[kind], { node }),
    ...moves.map(({ to, seq }) =>
      seq === undefined
        ? say('demoFactMoved', { node: to })
        : say('demoFactMovedSeq', { node: to, seq }),
    ),
    ...(nextBidAfterMs === undefined
      ? []
      : [say('demoFactNextBid', { span: spanInWords(Math.round(nextBidAfterMs / 100) * 100) })]),
  ]
}

export function lostInWords({ lost, acknowledged }: DemoTallyJson): string {
  return say('demoFactLost', { lost, count: acknowledged })
}

/** The newest fact of a node while it is dead or frozen: what its visitor has just done to it. */
export function harmOf(nodeId: string, facts: readonly DemoFactJson[]): DemoFactJson | undefined {
  const newest = facts.findLast((fact) => fact.nodeId === nodeId)
  return newest?.kind === 'thawed' || newest?.kind === 'restarted' ? undefined : newest
}
