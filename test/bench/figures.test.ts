import { describe, expect, it } from 'vitest'
import { createFrameReader } from './load/frame-reader.ts'
import { quantileBetween } from './histogram.ts'
import { measureCommitSize } from './commit-size.ts'
import { latencyMs, perSecond } from './pace.ts'
import { isReached, type Measure, ratioOf } from './scenario.ts'

const measure = (over: Partial<Measure>): Measure => ({
  ...{ what: 'bids', value: 50, unit: 'bids/s' },
  ...over,
})

describe('a figure', () => {
  it('is judged by its ratio where there is a reference, by itself where there is none', () => {
    const reference = { what: 'raw', value: 20 }
    expect(ratioOf(measure({ reference }))).toBe(2.5)
    expect(isReached(measure({ reference, reach: { atLeast: 3 } }))).toBe(false)
    expect(isReached(measure({ reference, reach: { atMost: 3 } }))).toBe(true)
    expect(isReached(measure({ reach: { atLeast: 40 } }))).toBe(true)
    expect(isReached(measure({}))).toBeUndefined()
  })
  it('that could not be measured is not reached', () => {
    expect(isReached(measure({ value: NaN, reach: { atMost: 3 } }))).toBe(false)
  })
  it('of several slices is of all of them together', () => {
    const slow = { count: 1, tookMs: 900, latenciesMs: Float64Array.of(9) }
    const fast = { count: 9, tookMs: 100, latenciesMs: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1) }
    expect(perSecond([slow, fast])).toBe(10)
    expect(latencyMs([slow, fast], 0.5)).toBe(1)
    expect(latencyMs([slow, fast], 0.99)).toBe(9)
  })
})

describe('a share of a histogram', () => {
  const name = 'late_seconds'
  const seen = (...counts: [string, number][]) =>
    new Map(counts.map(([bound, count]) => [`${name}_bucket{le="${bound}"}`, count]))
  const before = seen(['0.1', 5], ['0.25', 5], ['+Inf', 5])

  it('counts only what came between the two looks', () => {
    const after = seen(['0.1', 5], ['0.25', 105], ['+Inf', 105])
    expect(quantileBetween(name, 0.5, before, after)).toBeCloseTo(0.175)
    expect(quantileBetween(name, 1, before, after)).toBeCloseTo(0.25)
  })
  it('is beyond all bounds when it falls into the last bucket', () => {
    const after = seen(['0.1', 5], ['0.25', 95], ['+Inf', 105])
    expect(quantileBetween(name, 0.99, before, after)).toBe(Infinity)
  })
})

describe('the reader of frames', () => {
  it('finds frames of every length, however they are cut', () => {
    const short = ['{}', 'x'.repeat(200)]
    const long = [...short, 'y'.repeat(70_000)]
    for (const [payloads, step] of [
      [short, 1],
      [short, 7],
      [long, 9_973],
      [long, 100_000],
    ] as const) {
      const bytes = Buffer.concat(payloads.map(frameOf))
      const seen: string[] = []
      const read = createFrameReader((_, payload) => seen.push(payload.toString()))
      for (let at = 0; at < bytes.length; at += step) read(bytes.subarray(at, at + step))
      expect(seen).toEqual(payloads)
    }
  })
})

describe('the size of a commit', () => {
  it('is learned from an engine: a larger batch has a larger slot, and a head that holds it', async () => {
    const [one, many] = [await measureCommitSize(1), await measureCommitSize(64)]
    expect(one.slotBytes).toBeGreaterThan(100)
    expect(many.slotBytes).toBeGreaterThan(30 * one.slotBytes)
    expect(one.headBytes).toBeGreaterThan(one.slotBytes)
    expect(many.headBytes).toBeGreaterThan(many.slotBytes)
  })
})

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  if (length < 126) return Buffer.concat([Buffer.of(0x81, length), payload])
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head[0] = 0x81
  head[1] = length < 65_536 ? 126 : 127
  if (length < 65_536) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}
