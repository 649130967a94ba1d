import type { RunOptions } from './options.ts'
import { ms, type Verdict } from './verdict.ts'

const violationsShown = 40

/** The verdict for people: what was seen, what it cost, what was wrong. */
export function verdictText(verdict: Verdict, options: RunOptions): string {
  const { tally } = verdict
  const codes = countsText(tally.refusedByCode)
  const seconds = Math.max(1, verdict.secondsOfBidding)
  const rows: [string, string][] = [
    ['bids', `${tally.bids} in ${seconds.toFixed(0)} s`],
    [
      'acknowledged',
      `${tally.acknowledged} (${(tally.acknowledged / seconds).toFixed(0)} a second)`,
    ],
    ['refused', `${tally.refused}${codes === '' ? '' : ` (${codes})`}`],
    ['unknown at the end', `${tally.unknown}, of which ${tally.unknownThatStand} stand`],
    ['one copy, acknowledged by', countsText(tally.acknowledgedByNode)],
    ['settled by further copies', `${tally.settled}`],
    ['acknowledged, sent again', `${tally.repeated}`],
    ['events in the journals', `${tally.events}, ${tally.closes} closes`],
    ['extensions', `${tally.extensions} by soft close, ${tally.outageCredits} for an outage`],
    ['latest close', `${ms(verdict.latestCloseMs)} after its end`],
    ['killed', `${tally.nodeKills} nodes, ${tally.storeKills} store servers`],
    ['frozen', `${tally.freezes} nodes`],
    ['leader terms', `${tally.terms}, of which ${tally.newLeaders} since the first fault`],
    ['bids forwarded', `${tally.forwarded}`],
    ['lock hand-overs', `${tally.handOvers}`],
    ['lock revocations', `${tally.revocations}`],
    ['batches on the hot auction', `${tally.batches}, ${tally.writerChanges} changes of writer`],
    ['batches past a frozen holder', `${tally.batchesWhileFrozen}`],
    ['feed updates', `${tally.feedUpdates}, ${tally.feedJumps} declared jumps`],
    ['fresh reads', `${tally.freshReads}`],
    ...(verdict.gapP95Ms === undefined ? [] : [gapRow(verdict)]),
    ['violations', `${verdict.violations.length}`],
  ]
  const { store, seed, bidders, quiet } = options
  const what =
    options.nemesis === undefined ? options.scenario : `rounds of ${String(options.nemesis)}`
  return [
    `${what} on ${store}, seed ${seed}, ${bidders} bidders, ${quiet} quiet auctions, session timeout ${options.sessionTimeoutMs} ms`,
    ...rows.map(([name, value]) => `  ${name.padEnd(30)}${value}`),
    ...gapLines(verdict),
    ...verdict.violations
      .slice(0, violationsShown)
      .map(({ rule, detail, auctionId = '' }) => `VIOLATION ${rule} ${auctionId}: ${detail}`),
    ...verdict.shortcomings.map((text) => `SHORT OF IT ${text}`),
    verdict.passed ? 'passed' : 'FAILED',
  ].join('\n')
}

function gapRow({ gapP95Ms, gapMaxMs }: Verdict): [string, string] {
  return ['gap after a node fault', `p95 ${ms(gapP95Ms)}, max ${ms(gapMaxMs)}`]
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a)
  return entries.map(([name, count]) => `${name} ${count}`).join(', ')
}

function gapLines({ gaps, recoveries }: Verdict): string[] {
  const rows = gaps.map(({ fault, firstAckMs, silenceMs }) => [
    `${fault.kind} ${fault.target} (${fault.role})`,
    ms(firstAckMs),
    ms(silenceMs),
    recoveries
      .filter(({ target, atMs }) => target === fault.target && isNext(gaps, fault, atMs))
      .map(({ what, tookMs }) => `${what} ${ms(tookMs)}`)
      .join(', '),
  ])
  const head = ['fault', 'next bid', 'silence', 'recovery']
  return [head, ...rows].map(([fault = '', next = '', silence = '', recovery = '']) =>
    `  ${fault.padEnd(30)}${next.padEnd(12)}${silence.padEnd(12)}${recovery}`.trimEnd(),
  )
}

/** Whether a moment falls between this fault and the next one on the same target. */
function isNext(
  gaps: Verdict['gaps'],
  fault: Verdict['gaps'][number]['fault'],
  atMs: number,
): boolean {
  const later = gaps.filter(
    (gap) => gap.fault.target === fault.target && gap.fault.atMs > fault.atMs,
  )
  return atMs > fault.atMs && later.every((gap) => atMs < gap.fault.atMs)
}
