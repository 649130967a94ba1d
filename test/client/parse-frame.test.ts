import { expect, test } from 'vitest'
import { parseFrame } from '../../src/client/parse-frame.ts'
import { eventsAfter, snapshotAt } from './wire-samples.ts'

test('frames of the protocol are read', () => {
  expect(parseFrame(JSON.stringify(snapshotAt(2)))).toEqual(snapshotAt(2))
  expect(parseFrame('{"type":"resumed"}')).toEqual({ type: 'resumed' })
  expect(parseFrame('{"type":"paused","reason":"store"}')?.type).toBe('paused')
})

test.each([
  ['no JSON', '{'],
  ['no object', '[1]'],
  ['binary', new ArrayBuffer(1)],
  ['a type of tomorrow', '{"type":"gavel"}'],
  ['an event without a seq', JSON.stringify(eventsAfter(1, 2, { events: [{} as never] }))],
  ['a snapshot without an auction', JSON.stringify({ ...snapshotAt(1), auction: null })],
  ['a time of words', '{"type":"time","t0":1,"t1":"soon","t2":3}'],
])('what would break us is left aside: %s', (_what, text) => {
  expect(parseFrame(text)).toBeUndefined()
})
