import { describe, expect, it } from 'vitest'
import { campaignOf, type StoreTable } from './campaign.ts'
import { campaignPage, campaignText } from './campaign-text.ts'
import { handMadeResult } from './hand-made-result.ts'

const valueOf = (table: StoreTable | undefined, name: string) =>
  table?.rows.find(([row]) => row === name)?.[1]

describe('a campaign summed up', () => {
  it('has one table for each store, with the totals of its runs', () => {
    const { tables, warnings } = campaignOf([
      handMadeResult(),
      handMadeResult({ seed: 2, rounds: 3, date: '2026-01-02T12:00:00.000Z' }),
      handMadeResult({ store: 'zookeeper' }),
    ])
    expect(tables.map(({ store, headline }) => `${store}: ${headline}`)).toEqual([
      'etcd: 0 violations in 4 rounds, 2,000 bid operations',
      'zookeeper: 0 violations in 1 round, 1,000 bid operations',
    ])
    const [etcd] = tables
    expect(valueOf(etcd, 'acknowledged')).toBe('1,400')
    expect(valueOf(etcd, 'unknown at the end')).toBe('2, of which 2 stand')
    expect(valueOf(etcd, 'kills')).toBe('4 (holder 2, leader 2)')
    expect(valueOf(etcd, 'when')).toBe('2026-01-01T12:00:00.000Z to 2026-01-02T12:00:00.000Z')
    expect(warnings).toEqual([])
  })

  it('tells how long bidding stood still after holders were killed, with and without the store being hurt', () => {
    const [first] = handMadeResult().gaps
    const hurt = handMadeResult({
      schedule: [
        { nemeses: ['kill-holder', 'kill-store-leader'], fromMs: 0, healedMs: 8_000, toMs: 9_000 },
      ],
      gaps: [{ ...first!, firstAckMs: 4_000 }],
    })
    const [table] = campaignOf([handMadeResult(), hurt]).tables
    expect(valueOf(table, 'next bid after a holder’s kill -9')).toBe(
      'p50 1,200 ms, p95 4,000 ms, max 4,000 ms (2 times)',
    )
    expect(valueOf(table, 'the same, store left alone')).toBe(
      'p50 1,200 ms, p95 1,200 ms, max 1,200 ms (1 times)',
    )
    expect(valueOf(table, 'leader failover')).toMatch(/^p50 6,000 ms.*\(2 times\)$/)
  })

  it('counts what never came back as never, not as nothing', () => {
    const [gap] = handMadeResult().gaps
    const { firstAckMs: _, ...never } = gap!
    const [table] = campaignOf([handMadeResult({ gaps: [never] })]).tables
    expect(valueOf(table, 'next bid after a holder’s kill -9')).toContain('max never')
  })

  it('takes availability from runs with a kill every five seconds alone, and never rounds it up', () => {
    const availability = {
      bids: 100_000,
      inTime: 99_999,
      withinMs: 5_000,
      late: 0,
      putOff: 0,
      never: 1,
    }
    const every5 = handMadeResult({ nemesis: 'every5', availability })
    const [table] = campaignOf([handMadeResult(), every5]).tables
    const name = 'availability, a kill every 5 s'
    expect(valueOf(table, name)).toBe(
      '99.99 % of 100,000 final within 5,000 ms; 0 late, 0 put off, 1 never',
    )
    expect(valueOf(campaignOf([handMadeResult()]).tables[0], name)).toBe('none seen')
  })

  it('says when the results are of several commits, of a changed tree, or failed', () => {
    const { warnings } = campaignOf([
      handMadeResult(),
      handMadeResult({
        commit: 'bbbbbbb+',
        passed: false,
        violations: [{ rule: 'bid-once', detail: 'twice' }],
      }),
    ])
    expect(warnings).toEqual([
      'results of 2 commits: aaaaaaa, bbbbbbb+; no figure is of one program',
      'bbbbbbb+: files were changed since that commit',
      'failed: kill-holder,kill-leader on etcd, seed 1 (1 violations)',
    ])
  })

  it('reads the same as text and as a page, and escapes what it quotes', () => {
    const versions = { node: '<v20>' }
    const campaign = campaignOf([handMadeResult({ versions })])
    expect(campaignText(campaign)).toContain('0 violations in 1 round, 1,000 bid operations')
    expect(campaignPage(campaign)).toContain('&lt;v20&gt;')
    expect(campaignPage(campaign)).not.toContain('<v20>')
  })
})
