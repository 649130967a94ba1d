import { createWriters } from '../checker/frozen-rules.ts'
import { type FaultKind, type HistoryLine, type Journal, linesOf } from '../checker/history.ts'

/** What a run saw, in numbers. */
export interface Tally {
  /** Bids, not copies of them. */
  readonly bids: number
  readonly acknowledged: number
  readonly refused: number
  readonly refusedByCode: Readonly<Record<string, number>>
  /** Bids of which the last answer was "unknown", and how many of them the journal holds. */
  readonly unknown: number
  readonly unknownThatStand: number
  /** Bids of which a copy got lost or was put off, so that the client sent more before it knew. */
  readonly settled: number
  /** Acknowledged bids sent once more to another node, to see them count once. */
  readonly repeated: number
  /** Of bids that one copy settled. */
  readonly acknowledgedByNode: Readonly<Record<string, number>>
  readonly events: number
  readonly closes: number
  /** By the journal. */
  readonly extensions: number
  readonly outageCredits: number
  readonly nodeKills: number
  readonly storeKills: number
  readonly freezes: number
  readonly terms: number
  /** Terms that began while faults were going on. */
  readonly newLeaders: number
  /** In the hot auction's log: batches, and neighbours by different nodes. */
  readonly batches: number
  readonly writerChanges: number
  /** Written by others while a frozen holder could not know that it was deposed. */
  readonly batchesWhileFrozen: number
  readonly feedUpdates: number
  readonly feedJumps: number
  readonly freshReads: number
  /** By the nodes' own metrics. */
  /** Bids that another node decided, by its lock. */
  readonly forwarded: number
  readonly handOvers: number
  readonly revocations: number
}
export type CountName = Exclude<keyof Tally, 'refusedByCode' | 'acknowledgedByNode'>

export function tallyOf(
  history: readonly HistoryLine[],
  metrics: { total(name: string): number },
): Tally {
  const faults = linesOf(history, 'fault')
  const count = (kind: FaultKind, isStore: boolean) =>
    faults.filter((f) => f.kind === kind && f.role.startsWith('store-') === isStore).length
  const beacons = linesOf(history, 'beacon')
  const terms = new Set(beacons.map(({ term }) => term))
  const firstFaultMs = faults[0]?.atMs ?? Infinity
  const termsBefore = new Set(beacons.filter((b) => b.atMs < firstFaultMs).map(({ term }) => term))
  const feeds = linesOf(history, 'feed')
  return {
    ...bidCounts(history),
    ...journalCounts(history),
    ...batchCounts(history),
    nodeKills: count('kill', false),
    storeKills: count('kill', true),
    freezes: count('freeze', false),
    terms: terms.size,
    newLeaders: faults.length === 0 ? 0 : terms.size - termsBefore.size,
    feedUpdates: feeds.length,
    feedJumps: feeds.filter(({ jump }) => jump !== undefined).length,
    freshReads: linesOf(history, 'read').length,
    forwarded: metrics.total('forwarded_bids_total{outcome="decided"}'),
    handOvers: metrics.total('lock_handovers_total'),
    revocations: metrics.total('lock_revocations_total'),
  }
}

function bidCounts(history: readonly HistoryLine[]) {
  const invokes = new Map<string, number>()
  for (const { bidId } of linesOf(history, 'invoke')) {
    invokes.set(bidId, (invokes.get(bidId) ?? 0) + 1)
  }
  const answers = linesOf(history, 'answer')
  const fates = new Map<string, string>()
  for (const { bidId, outcome, code } of answers) {
    // Once known, known: a later copy that got lost takes nothing back.
    if (outcome === 'unknown' && fates.has(bidId)) continue
    fates.set(bidId, outcome === 'rejected' ? `refused ${code ?? '?'}` : outcome)
  }
  const refusedByCode = countBy(
    [...fates.values()].flatMap((fate) => /^refused (.*)$/.exec(fate)?.[1] ?? []),
  )
  const standing = new Set(
    journalsOf(history).flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : [])),
    ),
  )
  const unknown = [...invokes.keys()].filter(
    (bidId) => (fates.get(bidId) ?? 'unknown') === 'unknown',
  )
  return {
    bids: invokes.size,
    acknowledged: [...fates.values()].filter((fate) => fate === 'accepted').length,
    refused: Object.values(refusedByCode).reduce((sum, count) => sum + count, 0),
    refusedByCode,
    unknown: unknown.length,
    unknownThatStand: unknown.filter((bidId) => standing.has(bidId)).length,
    settled: answers.filter(({ copies = 1 }) => copies > 1).length,
    repeated: [...invokes.values()].filter((times) => times > 1).length,
    acknowledgedByNode: countBy(
      answers.flatMap(({ outcome, node }) => (outcome === 'accepted' && node ? [node] : [])),
    ),
  }
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** All journals, as the first node told them. */
function journalsOf(history: readonly HistoryLine[]): Journal[] {
  const journals = linesOf(history, 'journal')
  return journals.filter(({ node }) => node === journals[0]?.node)
}

function journalCounts(history: readonly HistoryLine[]) {
  const events = journalsOf(history).flatMap((journal) => journal.events)
  const extended = events.filter((event) => event.type === 'AuctionExtended')
  return {
    events: events.length,
    closes: events.filter(({ type }) => type === 'AuctionClosed').length,
    extensions: extended.filter(({ reason }) => reason === 'soft-close').length,
    outageCredits: extended.filter(({ reason }) => reason === 'outage').length,
  }
}

function batchCounts(history: readonly HistoryLine[]) {
  const nodeOf = createWriters(history)
  const batches = linesOf(history, 'raw').flatMap((raw) => raw.batches)
  const writers = [...new Set(batches.map(({ writer }) => writer))]
  const nodes = new Map(writers.map((writer) => [writer, nodeOf(writer) ?? writer]))
  const changes = batches.filter(
    ({ writer }, index) =>
      index > 0 && nodes.get(writer) !== nodes.get(batches[index - 1]?.writer ?? ''),
  )
  const whileFrozen = linesOf(history, 'frozen').map((line) => line.thawSlot - line.deposedSlot)
  return {
    batches: batches.length,
    writerChanges: changes.length,
    batchesWhileFrozen: whileFrozen.reduce((sum, count) => sum + count, 0),
  }
}
