import { describe, expect, it } from 'vitest'
import { movesAfter, withReport } from '../../frontend/src/state/demo-moves.ts'

const at = '2026-01-01T12:00:00.000Z'

describe('the move of a page in the demo', () => {
  it('goes with what was done to its node, with the place once that is confirmed', () => {
    const report = (nodeId: string, resumedSeq?: number) =>
      ({ lotkeeper: 'report', state: 'live', nodeId, resumedSeq }) as const
    const facts = [
      { id: 1, at: '2026-01-01T12:00:00.000Z', nodeId: 'n1', kind: 'killed' },
      { id: 2, at: '2026-01-01T12:00:20.000Z', nodeId: 'n1', kind: 'restarted' },
      { id: 3, at: '2026-01-01T12:00:30.000Z', nodeId: 'n3', kind: 'killed' },
    ] as const
    const atMs = Date.parse(at)
    let moves = withReport([], undefined, report('n1'), atMs - 9_000)
    moves = withReport(moves, report('n1'), report('n3'), atMs + 400)
    moves = withReport(moves, report('n3'), report('n3', 57), atMs + 450)
    moves = withReport(moves, report('n3', 57), report('n2', 80), atMs + 31_000)
    const told = facts.map((fact) => movesAfter(fact, facts, moves).map(({ to, seq }) => [to, seq]))
    expect(told).toEqual([[['n3', 57]], [], [['n2', 80]]])
  })
})
