import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFrames, frameBytesMax } from '../../../src/store/zookeeper/frames.ts'

const framed = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

test('frames come out whole, in order and once, however the bytes were cut', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 })
  fc.assert(
    fc.property(
      bodies,
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (all, cuts) => {
        const stream = Buffer.concat(all.map(framed))
        const frames = createFrames()
        const seen: Buffer[] = []
        for (let start = 0, turn = 0; start < stream.length; turn++) {
          const end = start + cuts[turn % cuts.length]!
          seen.push(...frames.push(stream.subarray(start, end)))
          start = end
        }
        expect(seen.map((frame) => frame.toString('hex'))).toEqual(
          all.map((body) => framed(body).toString('hex')),
        )
      },
    ),
  )
})

test('a length that makes no sense is an error, not a wait for ever', () => {
  for (const length of [-1, frameBytesMax + 1, 0x48545450]) {
    const header = Buffer.alloc(4)
    header.writeInt32BE(length)
    expect(() => createFrames().push(header)).toThrow('a frame of')
  }
})
