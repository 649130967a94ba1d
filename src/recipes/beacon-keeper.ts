import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Guard, Store } from '../store/store.ts'
import { type Beacon, beaconWrite, quietMsMax, readBeacon, type StoredBeacon } from './beacon.ts'
import { isPassing } from './contender.ts'
import type { Leadership } from './election.ts'
import type { Estimate } from './estimate.ts'

/**
 * Why the beacons of a leader ended: told to stop; no longer leading; a later term's beacon is stored; or our own clocks
 * parted (a suspended machine), so that we do not know the time any more.
 */
export type BeaconEnd = 'aborted' | 'lost' | 'superseded' | 'parted'

/** Cluster time from a beacon to about the next one, in milliseconds since 1970. */
export interface BeaconGap {
  readonly from: number
  readonly to: number
  /** Nobody who knew the time was left. */
  readonly isCold: boolean
}

interface KeeperDeps {
  store: Store
  clock: Clock
  log: Log
  estimate: Estimate
}

interface Hooks {
  medianWallMs: (signal: AbortSignal) => Promise<number>
  onBeacon: (beacon: Beacon) => void
  onGap: (gap: BeaconGap) => Promise<void>
}

const beaconEveryMs = 1_000
/** A new leader's first beacons come faster, so that its followers settle sooner. */
const firstBeacons = { count: 4, everyMs: 200 }
const retryMs = 250
/** A beacon that the wall clocks allow to be this old was of its moment: who leads by it goes on, and starts nothing anew. */
const lateMs = 1_000

/** The course of cluster time under one leader: its own monotonic clock plus this, fixed for the term. */
interface Course {
  readonly offsetMs: number
  /** Until when, in cluster time, the silence before us was told. */
  readonly toldMs: number
}

/** Writes the beacons of one term until something ends it. Never throws. */
export async function keepBeacon(
  deps: KeeperDeps,
  leadership: Leadership,
  signal: AbortSignal,
  hooks: Hooks,
): Promise<BeaconEnd> {
  const { clock, log, estimate } = deps
  let stored: StoredBeacon | undefined
  let course: Course | undefined
  let writtenCount = 0
  const over = AbortSignal.any([signal, leadership.lost])
  for (;;) {
    if (signal.aborted) return 'aborted'
    if (leadership.lost.aborted) return 'lost'
    let waitMs = retryMs
    try {
      stored ??= await readBeacon(deps.store, { fresh: true })
      if (stored.beacon !== undefined && stored.beacon.term > leadership.term) return 'superseded'
      course ??= await chartCourse(deps, stored.beacon, hooks, over)
      if (writtenCount > 0 && estimate.now() === undefined) return 'parted'
      await tellGap(deps, stored.beacon, course, hooks, over)
      const written = await writeBeacon(deps, leadership, stored, course)
      if (written === 'lost') return 'lost'
      stored = written
      if (written !== undefined) {
        if (writtenCount++ === 0) course = begin(deps, leadership, course)
        hooks.onBeacon(written.beacon)
        waitMs = writtenCount < firstBeacons.count ? firstBeacons.everyMs : beaconEveryMs
      } else if (writtenCount === 0) course = undefined // another's last beacon came between
    } catch (error) {
      stored = undefined
      const fields = { error: asError(error).message }
      if (isPassing(error)) log.debug(fields, 'a beacon could not be written; will again')
      else log.warn(fields, 'a beacon could not be written; will again')
    }
    await sleep(clock, waitMs, over).catch(() => undefined)
  }
}

/** Where time goes on from: never before the last beacon, nor before what this node told already. */
async function chartCourse(
  { clock, estimate, log }: KeeperDeps,
  last: Beacon | undefined,
  hooks: Hooks,
  over: AbortSignal,
): Promise<Course> {
  const lastMs = last?.timeMs ?? 0
  const courseMs = estimate.courseMs()
  if (courseMs !== undefined) {
    return { offsetMs: Math.max(lastMs, courseMs) - clock.monotonicMs(), toldMs: -Infinity }
  }
  const medianMs = await hooks.medianWallMs(over)
  const provenMs = estimate.provenMs()
  const leastMs = Math.max(lastMs, estimate.toldMs(), provenMs)
  // A beacon or two prove how late it is at least. A dead leader's last may have been long on its way: the walls tell.
  if (medianMs - provenMs <= lateMs) {
    return { offsetMs: leastMs - clock.monotonicMs(), toldMs: -Infinity }
  }
  const startMs = Math.floor(Math.max(leastMs, medianMs))
  const startedMs = clock.monotonicMs()
  const isLater = last !== undefined && startMs > lastMs
  const gap = isLater ? { from: lastMs, to: startMs, isCold: true } : undefined
  log.info({ startMs, gap }, 'cluster time starts cold, from the members’ wall clocks')
  if (gap !== undefined) await hooks.onGap(gap)
  return { offsetMs: startMs - startedMs, toldMs: startMs }
}

/** A beacon ends a silence: if it was long, and before its evidence is gone, somebody hears of it. */
async function tellGap(
  { clock }: KeeperDeps,
  last: Beacon | undefined,
  { offsetMs, toldMs }: Course,
  hooks: Hooks,
  over: AbortSignal,
): Promise<void> {
  if (last === undefined) return
  let answeredMs = Math.max(last.timeMs, toldMs)
  // Telling may take long itself.
  while (!over.aborted) {
    const to = Math.floor(clock.monotonicMs() + offsetMs)
    if (to - answeredMs <= quietMsMax) return
    await hooks.onGap({ from: last.timeMs, to, isCold: false })
    answeredMs = to
  }
}

function begin(deps: KeeperDeps, leadership: Leadership, course: Course): Course {
  return { ...course, offsetMs: deps.estimate.govern(leadership.term, course.offsetMs) }
}

/** The beacon as stored now; undefined when something came between and it must be read again. */
async function writeBeacon(
  { store, clock }: KeeperDeps,
  leadership: Leadership,
  over: StoredBeacon,
  course: Course,
): Promise<(StoredBeacon & { beacon: Beacon }) | 'lost' | undefined> {
  const timeMs = Math.floor(
    Math.max(over.beacon?.timeMs ?? 0, clock.monotonicMs() + course.offsetMs),
  )
  const beacon: Beacon = { term: leadership.term, timeMs }
  const { guards, write } = beaconWrite(over, beacon)
  const result = await store.commit({ guards: [leadership.guard, ...guards], writes: [write] })
  if (!result.ok) return isFailing(leadership.guard, result.failed) ? 'lost' : undefined
  return { version: result.versions.get(write.key), beacon }
}

function isFailing(guard: Guard, failed: readonly Guard[]): boolean {
  return failed.some(({ kind, key }) => kind === guard.kind && key === guard.key)
}
