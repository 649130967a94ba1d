import { describe, expect, it } from 'vitest'
import type { HistoryLine } from '../../checker/history.ts'
import { auctionId, soundHistory } from '../../checker/hand-made-history.ts'
import { handMadeResult } from './hand-made-result.ts'
import { historyPage } from './page.ts'
import { summaryOf } from './summary.ts'

const fault = (kind: 'kill' | 'restart' | 'freeze', atMs: number, target = 'n1'): HistoryLine => ({
  ...{ t: 'fault', atMs, kind, role: 'holder', target, hotSeq: 3 },
})
const pageOf = (history: readonly HistoryLine[], over = {}) =>
  historyPage(history, summaryOf(handMadeResult(over)))

describe('the page of a run', () => {
  it('needs nothing from anywhere', () => {
    const page = pageOf(soundHistory())
    expect(page).not.toMatch(/(?:src|href)=|@import|url\(/)
    expect(page).toContain('0 violations in 1 round, 1,000 bid operations')
  })

  it('shows a fault from its beginning to the restart of its target', () => {
    const page = pageOf([
      ...soundHistory(),
      fault('kill', 2_100),
      fault('restart', 3_000, 'n2'),
      fault('restart', 5_100),
    ])
    expect(page).toContain('kill n1 (holder) at 2.00 s, restart after 3000 ms')
  })

  it('shows a fault without an end as a moment', () => {
    expect(pageOf([...soundHistory(), fault('freeze', 2_100)])).toContain('freeze n1 (holder) at')
  })

  it('shows leaders by term, closes, extensions and every answer', () => {
    const page = pageOf(soundHistory())
    expect(page).toContain('term 10: n1')
    expect(page).toContain('term 20: n2')
    expect(page).toContain('1 closes')
    expect(page).toContain('1 soft close')
    expect(page).toContain('1 refused (bid-too-low 1)')
    expect(page).toContain('1 unknown')
  })

  it('marks a violation where the bid that it names was answered, and escapes it', () => {
    const detail = 'bid-3 was <lost>'
    const violations = [{ rule: 'acknowledged-stays', detail, auctionId }]
    const page = pageOf(soundHistory(), { violations, passed: false })
    expect(page).toContain('acknowledged-stays at 54.91 s: bid-3 was &lt;lost&gt;')
    expect(page).toContain('Failed')
  })

  it('stays of a bounded size for a long history', () => {
    const answers = Array.from({ length: 60_000 }, (_, index): HistoryLine => {
      const bidId = `bid-${index}`
      return { t: 'answer', atMs: index * 100, auctionId, bidId, outcome: 'accepted', seq: index }
    })
    expect(pageOf(answers).length).toBeLessThan(600_000)
  })
})
