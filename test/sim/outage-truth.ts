import { creditWindowMs } from '../../src/auction/outage-credit.ts'
import { must } from '../../src/lib/assert.ts'
import { linesOf } from '../checker/history.ts'
import { worldBeganAtMs } from './process.ts'
import type { NodeSilence } from './sim-store.ts'
import { readBatches } from './truth.ts'
import type { World } from './world.ts'

type Span = readonly [fromMs: number, toMs: number]

/** Silences shorter than this are pauses between commits. */
const pauseMsMax = 1_200
/** Nodes agree on the time, and notice an outage, to about this. */
const slackMs = 1_500

/** How what it finds begins. */
export const tooMuch = 'credit without an outage'

/**
 * Time is given back only for time in which the cluster did not serve (no beacon, no entry in any journal), or in which the node
 * that judged was cut off itself and no other wrote a beacon: while nobody leads it cannot tell its link from the store, and errs
 * on the bidders' side. After a cold start that is the time since the last beacon or note of service, and with it what cluster
 * time leapt ahead when wall clocks that had been set gave it anew: so nobody's true time to bid is less. Only a world that sees
 * every commit can tell that. The other way round (was enough given back?) is judged in outage-owed.ts.
 */
export function checkCredits(world: World): void {
  const { people, store, history, witness } = world
  const clusterTime = readClusterTime(world)
  if (clusterTime === undefined) return
  const { trueMs, leaptMs } = clusterTime
  const isDisproved = ({ nodeId, fromMs, toMs }: NodeSilence) =>
    witness.beacons.some((beacon) => {
      const atMs = trueMs(beacon.timeMs)
      return beacon.nodeId !== nodeId && atMs > fromMs + slackMs && atMs < toMs
    })
  const silences = joined([
    ...silencesOf([...witness.serviceTimes, world.time.nowMs]),
    ...store.silences
      .filter((silence) => !isDisproved(silence))
      .map(({ fromMs, toMs }): Span => [fromMs, toMs]),
    ...witness.unnoted,
  ])
  for (const auctionId of people.auctionIds) {
    for (const { batch } of readBatches(store.world, auctionId)) {
      for (const event of batch.events) {
        if (event.type !== 'AuctionExtended' || event.reason !== 'outage') continue
        const givenMs = event.endsAt - event.at
        const end = trueMs(event.from)
        const silentMs = silences
          .map(
            ([from, to]) =>
              Math.min(to, end + slackMs) - Math.max(from, end - creditWindowMs - slackMs),
          )
          .reduce((sum, ms) => sum + Math.max(0, ms), 0)
        if (givenMs <= silentMs + leaptMs + slackMs) continue
        const what = `${givenMs} ms given back, of ${Math.round(silentMs)} ms without service`
        history.defect(`${tooMuch}: ${auctionId} ${event.outageId}: ${what}`)
      }
    }
  }
}

/** Undefined where cluster time was set anew while everybody was down, or never: then we cannot tell. */
export function readClusterTime({ history }: World) {
  // One that lies there while nobody leads tells what time it was.
  const beacons = linesOf(history.lines, 'beacon').filter(
    ({ term, timeMs }, index, all) =>
      term !== all[index - 1]?.term || timeMs !== all[index - 1]?.timeMs,
  )
  if (beacons.length === 0) return undefined
  const offsets = beacons.map(({ atMs, timeMs }) => timeMs - worldBeganAtMs - atMs)
  const offsetMs = Math.max(...offsets)
  if (offsetMs - Math.min(...offsets) > 2 * pauseMsMax + slackMs) return undefined
  return {
    /** In ms of the world. */
    trueMs: (clusterMs: number) => clusterMs - worldBeganAtMs - offsetMs,
    leaptMs: leapOf(beacons.map(({ term }, index) => [term, must(offsets[index], 'offset')])),
  }
}

/** By how much the time of one leader was ahead of another's. A beacon is late by its way to the store, never early. */
function leapOf(beacons: readonly (readonly [term: string, offsetMs: number])[]): number {
  const greatest = new Map<string, number>()
  for (const [term, offsetMs] of beacons) {
    greatest.set(term, Math.max(offsetMs, greatest.get(term) ?? -Infinity))
  }
  return Math.max(...greatest.values()) - Math.min(...greatest.values())
}

function silencesOf(serviceTimes: readonly number[]): [number, number][] {
  const silences: [number, number][] = []
  let before = 0
  for (const atMs of serviceTimes) {
    if (atMs - before > pauseMsMax) silences.push([before, atMs])
    before = atMs
  }
  return silences
}

/** As time, not twice: what overlaps is one. */
function joined(silences: readonly (readonly [number, number])[]): [number, number][] {
  const all: [number, number][] = []
  for (const [from, to] of [...silences].sort(([a], [b]) => a - b)) {
    const last = all.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else all.push([from, to])
  }
  return all
}
