import type { HistoryLine } from '../../checker/history.ts'
import { backLane } from './back-lane.ts'
import { bidLane } from './bid-lane.ts'
import { endLane } from './end-lane.ts'
import { faultLane } from './fault-lane.ts'
import { feedLane } from './feed-lane.ts'
import { holderLane } from './holder-lane.ts'
import { escapeHtml } from './html.ts'
import { type Colour, type Lane, secondsText, type Span, spanOf } from './lane.ts'
import { axisHtml, frameOf, laneHtml } from './lane-svg.ts'
import { leaderLane } from './leader-lane.ts'
import { pageScript, pageStyle } from './page-sheet.ts'
import type { PageSummary } from './summary.ts'
import { type PlacedViolation, placeViolations, violationLane } from './violation-lane.ts'

/** The rest is in the run's result: the time line should not be pushed off the screen. */
const violationsListedMax = 40
const shortcomingsListedMax = 12

/**
 * One run as one HTML page that needs nothing else: the verdict, the counts, and a time line on the driver's clock. A long
 * history is counted in wider buckets, so that the page stays of a size that a browser shows at once.
 */
export function historyPage(history: readonly HistoryLine[], summary: PageSummary): string {
  const span = spanOf(history.flatMap((line) => ('atMs' in line ? [line.atMs] : [])))
  const violations = placeViolations(history, summary.violations)
  const lanes: Lane[] = [
    ...(violations.length === 0 ? [] : [violationLane(violations, span)]),
    faultLane(history, span),
    backLane(history, summary.gaps, span),
    leaderLane(history, span),
    holderLane(history, span),
    bidLane(history, span),
    endLane(history, span),
    feedLane(history, span),
  ]
  const frame = frameOf(span)
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(`${summary.title}: ${summary.verdict}`)}</title>`,
    `<style>${pageStyle}</style></head><body>`,
    headerHtml(summary),
    '<main>',
    countsHtml(summary),
    troubleHtml(summary, violations, span),
    legendHtml(history),
    '<div class="time" tabindex="0" role="region" aria-label="Time line">',
    `<div class="inner" data-span-ms="${Math.round(span.toMs - span.fromMs)}">`,
    axisHtml(frame),
    ...lanes.map((lane) => laneHtml(lane, frame)),
    axisHtml(frame),
    '<div class="cross"><span></span></div></div></div>',
    '</main>',
    `<footer>${escapeHtml(summary.foot)}</footer>`,
    `<script>${pageScript}</script>`,
    '</body></html>\n',
  ].join('\n')
}

function headerHtml({ title, subtitle, passed, verdict }: PageSummary): string {
  return `<header><h1>${escapeHtml(title)}</h1>
<p class="subtitle">${escapeHtml(subtitle)}</p>
<p class="verdict${passed ? '' : ' failed'}"><strong>${passed ? 'Passed' : 'Failed'}</strong>
<span>${escapeHtml(verdict)}</span></p></header>`
}

function countsHtml({ counts }: PageSummary): string {
  const rows = counts.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  )
  return `<dl>${rows.join('\n')}</dl>`
}

function troubleHtml(
  { shortcomings }: PageSummary,
  violations: readonly PlacedViolation[],
  span: Span,
): string {
  if (violations.length + shortcomings.length === 0) return ''
  const listed = violations.slice(0, violationsListedMax).map((violation) => {
    const { rule, detail, auctionId = '', atMs } = violation
    const at = atMs === undefined ? '' : `, at ${secondsText(atMs, span)}`
    return `<li><b>${escapeHtml(rule)}</b> ${escapeHtml(`${auctionId}${at}: ${detail}`)}</li>`
  })
  const left = violations.length - listed.length
  if (left > 0) listed.push(`<li>and ${left} more</li>`)
  const short = shortcomings
    .slice(0, shortcomingsListedMax)
    .map((text) => `<li><b>short of it</b> ${escapeHtml(text)}</li>`)
  const more = shortcomings.length - short.length
  if (more > 0) short.push(`<li>and ${more} more</li>`)
  return `<section class="trouble"><h2>What was wrong</h2><ul>${[...listed, ...short].join('\n')}</ul></section>`
}

function legendHtml(history: readonly HistoryLine[]): string {
  const names: [Colour, string][] = [
    ['fault', 'fault of a node or a link'],
    ['store-fault', 'fault of the store'],
    ['back', 'time to be back'],
    ['accepted', 'accepted, closed'],
    ['refused', 'refused'],
    ['unknown', 'unknown'],
    ['extension', 'extended by a late bid'],
  ]
  if (history.some(hasCredit)) names.push(['credit', 'time given back'])
  const items = names.map(([colour, name]) => `<li style="--mark:var(--${colour})">${name}</li>`)
  return `<ul class="legend">${items.join('')}</ul>`
}

function hasCredit(line: HistoryLine): boolean {
  if (line.t !== 'journal') return false
  return line.events.some((event) => event.type === 'AuctionExtended' && event.reason === 'outage')
}
