import { describe, expect, it } from 'vitest'
import { availability } from './availability.ts'
import { auctionId, soundHistory } from './hand-made-history.ts'
import { type BidAnswer, type HistoryLine, NotAHistory, parseHistory } from './history.ts'
import { judgeHistory, judgementText } from './judgement.ts'
import { check } from './checker.ts'
import { longHistory } from './long-history.ts'

const fileOf = (history: readonly HistoryLine[]) =>
  history.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('a history file', () => {
  it('is read as it was written', () => {
    expect(parseHistory(fileOf(soundHistory()))).toEqual(JSON.parse(JSON.stringify(soundHistory())))
  })

  it('that is none is refused by the line', () => {
    const good = fileOf(soundHistory().slice(0, 2))
    expect(() => parseHistory(`${good}{"t":"inv\n`)).toThrow(NotAHistory)
    expect(() => parseHistory(`${good}{"t":"inv\n`)).toThrow('line 3 is no JSON')
    expect(() => parseHistory('{"t":"other"}\n')).toThrow('line 1 is no line of a history')
    expect(() => parseHistory('null\n')).toThrow('line 1')
    expect(() => parseHistory('')).toThrow('no line')
  })

  it('that was cut off, in a line or between two, is not judged', () => {
    const lines = soundHistory()
    for (let count = 2; count < lines.length; count++) {
      for (const torn of ['', '{"t":"inv']) {
        const judgement = judgeHistory(parseHistory(fileOf(lines.slice(0, count)) + torn))
        expect(judgement).toMatchObject({ passed: false, violations: [] })
        expect(judgementText('x', judgement)).toContain('the run broke off, or the file was cut')
      }
    }
  })
})

describe('a judgement', () => {
  it('tells what it saw', () => {
    const { passed, sight } = judgeHistory(soundHistory())
    expect(passed).toBe(true)
    expect(sight).toMatchObject({
      ...{ bidCount: 5, acknowledgedCount: 3, refusedCount: 1, unknownCount: 1 },
      ...{ unknownThatStandCount: 0, watcherCount: 1, auctionCount: 1, missing: [] },
    })
    const text = judgementText('old.jsonl', judgeHistory(soundHistory()))
    expect(text).toContain('3 acknowledged, 1 refused, 1 unknown (0 of them stand)')
    expect(text).toContain('2 journal')
  })

  it('of nothing is none that passed', () => {
    const blind = judgeHistory(soundHistory().filter(({ t }) => t !== 'journal' && t !== 'view'))
    expect(blind.passed).toBe(false)
    expect(judgementText('x', blind)).toContain('NOTHING TO JUDGE: no journal')
    const deaf = judgeHistory(soundHistory().filter(({ t }) => t !== 'answer'))
    expect(deaf).toMatchObject({ passed: false, violations: [] })
    expect(judgementText('x', deaf)).toContain('NOTHING TO JUDGE: no acknowledged bid')
  })
})

describe('availability', () => {
  const told = (atMs: number, answer: Partial<BidAnswer>): HistoryLine[] => {
    const bidId = `bid-${atMs}`
    const sent = { t: 'invoke', atMs: 0, auctionId, bidId, bidder: 'ann', amount: '1.00' } as const
    return [sent, { t: 'answer', atMs, auctionId, bidId, outcome: 'accepted', ...answer }]
  }

  it('counts every bid once, from its first sending to what settled it', () => {
    const history = [
      ...told(10, {}),
      ...told(4_999, { outcome: 'rejected', code: 'bid-too-low', final: true }),
      ...told(20, { outcome: 'rejected', code: 'own-bid', final: false }),
      ...told(5_001, {}),
      ...told(30, { outcome: 'rejected', code: 'store-unavailable', final: false }),
      ...told(40, { outcome: 'unknown' }),
    ]
    expect(availability(history)).toEqual({
      ...{ bidCount: 6, inTimeCount: 3, lateCount: 1, putOffCount: 1, neverCount: 1, share: 0.5 },
    })
  })

  it('of a bid that was settled by sending it again is the time of both', () => {
    const twice = [...told(4_000, { outcome: 'unknown' }), ...told(4_000, {})]
    const later = twice.map((line, at) => ({ ...line, atMs: at * 2_000 }) as HistoryLine)
    expect(availability(later)).toMatchObject({ bidCount: 1, inTimeCount: 0, lateCount: 1 })
  })

  it('of no bids is none', () => {
    expect(availability([]).share).toBeUndefined()
  })
})

describe('a long history', () => {
  it('of 200,000 lines, all of one auction, is judged in one go', () => {
    const history = longHistory(66_000)
    expect(history.length).toBeGreaterThan(198_000)
    expect(check(history)).toEqual([])
  }, 60_000)
})
