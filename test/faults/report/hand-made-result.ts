import type { RunResult } from '../run-result.ts'

/** A run of one round in which the holder and then the leader were killed. Tests change one thing in it at a time. */
export function handMadeResult(over: Partial<RunResult> = {}): RunResult {
  return {
    store: 'etcd',
    seed: 1,
    nemesis: 'kill-holder,kill-leader',
    rounds: 1,
    schedule: [{ nemeses: ['kill-holder'], fromMs: 1_000, healedMs: 4_000, toMs: 5_000 }],
    skipped: [],
    passed: true,
    violations: [],
    shortcomings: [],
    tally: {
      ...{ bids: 1_000, acknowledged: 700, refused: 299, refusedByCode: { 'bid-too-low': 299 } },
      ...{ unknown: 1, unknownThatStand: 1, settled: 9, repeated: 5 },
      acknowledgedByNode: { n1: 350, n2: 350 },
      ...{ events: 800, closes: 20, extensions: 12, outageCredits: 0 },
      ...{ nodeKills: 2, storeKills: 0, freezes: 0, terms: 2, newLeaders: 1 },
      ...{ batches: 300, writerChanges: 200, batchesWhileFrozen: 0 },
      ...{
        feedUpdates: 900,
        feedJumps: 0,
        freshReads: 50,
        forwarded: 400,
        handOvers: 200,
        revocations: 2,
      },
    },
    gaps: [
      { kind: 'kill', role: 'holder', target: 'n1', atMs: 2_000, firstAckMs: 1_200 },
      { kind: 'kill', role: 'leader', target: 'n2', atMs: 3_000, firstAckMs: 90 },
    ],
    recoveries: [{ t: 'recovery', atMs: 9_000, target: 'n2', what: 'new leader', tookMs: 6_000 }],
    availability: { bids: 1_000, inTime: 998, withinMs: 5_000, late: 1, putOff: 1, never: 0 },
    secondsOfBidding: 20,
    bidders: 64,
    sessionTimeoutMs: 6_000,
    commit: 'aaaaaaa',
    versions: { node: 'v20.20.2', store: 'etcd 3.4.23' },
    date: '2026-01-01T12:00:00.000Z',
    ...over,
  }
}
