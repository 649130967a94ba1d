import { expect, it } from 'vitest'
import { factInWords, harmOf, lostInWords } from '../../frontend/src/state/demo-fact.ts'
import type { DemoFactJson } from '../../src/protocol/demo.ts'

const at = '2026-11-25T12:00:00.000Z'
const fact = (id: number, nodeId: string, kind: DemoFactJson['kind']): DemoFactJson => ({
  ...{ id, at, nodeId, kind },
})

it('tells what came of a death: where the page went, the next bid, what was lost', () => {
  const killed = { ...fact(1, 'n1', 'killed'), nextBidAfterMs: 1_140 }
  const move = { from: 'n1', to: 'n3', atMs: Date.parse(at), seq: 6 }
  expect(factInWords(killed, [move])).toEqual([
    'n1 killed',
    'its page moved to n3, nothing missed, seq 6',
    'next bid after 1.1 s',
  ])
  const rest = { found: 10, refused: 0, unknown: 0, sentAgain: 0 }
  expect(lostInWords({ acknowledged: 11, lost: 0, ...rest })).toBe('0 lost of 11 bids')
})

it('tells it of a node as long as that is dead or frozen', () => {
  const facts = [fact(1, 'n1', 'killed'), fact(2, 'n2', 'frozen'), fact(3, 'n1', 'restarted')]
  expect(harmOf('n1', facts)).toBeUndefined()
  expect(harmOf('n2', facts)?.id).toBe(2)
  expect(harmOf('n3', facts)).toBeUndefined()
})
