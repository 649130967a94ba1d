import type { Commit } from '../../src/store/store.ts'
import type { MemoryWorld } from '../../src/store/memory/world.ts'
import { quietMsMax, readBeacon } from '../../src/recipes/beacon.ts'

/** Sees every commit as it is carried out, at the store itself. */
export interface Witness {
  /** The term whose leadership guarded the creation of a slot. */
  termOf(slotKey: string): string | undefined
  /** Who created it. */
  writerOf(slotKey: string): string | undefined
  readonly commitCount: number
  /** When the cluster showed that it serves, by a beacon, a note of it or an entry of a journal; in ms of the world. */
  readonly serviceTimes: readonly number[]
  /** Each as it was carried out; its time is cluster time. */
  readonly beacons: readonly { readonly nodeId: string; readonly timeMs: number }[]
  /**
   * Time that may be given back although somebody served: from the last beacon or note to the first beacon after it, where nobody
   * was left who had known the time; and the beginning of every long one, in which service is not noted yet.
   */
  readonly unnoted: readonly (readonly [number, number])[]
}

export function watchCommits(
  world: MemoryWorld,
  on: {
    nodeOf: (sessionId: string) => string | undefined
    nowMs: () => number
    knowsTimeSince: (ms: number) => boolean
  },
): Witness {
  const { server } = world
  const apply = server.apply.bind(server)
  const terms = new Map<string, string>()
  const writers = new Map<string, string>()
  const serviceTimes: number[] = []
  const unnoted: [number, number][] = []
  const beacons: { nodeId: string; timeMs: number }[] = []
  let beaconMs: number | undefined
  let notedMs: number | undefined
  let commitCount = 0
  server.apply = (commit: Commit, sessionId: string) => {
    const term = termIn(world, commit)
    const result = apply(commit, sessionId)
    if (result?.ok !== true) return result
    commitCount++
    const isService = commit.writes.some(
      ({ kind, key }) =>
        key === 'clock' || key === 'config/served' || (kind === 'create' && key.startsWith('log/')),
    )
    if (isService) serviceTimes.push(on.nowMs())
    if (commit.writes.some(({ key }) => key === 'clock')) {
      const sinceMs = Math.max(beaconMs ?? 0, notedMs ?? 0)
      const isCold = beaconMs !== undefined && !on.knowsTimeSince(beaconMs)
      if (isCold) unnoted.push([sinceMs, on.nowMs()])
      else if (on.nowMs() - sinceMs > quietMsMax) unnoted.push([sinceMs, sinceMs + quietMsMax])
      beaconMs = on.nowMs()
      beacons.push({ nodeId: on.nodeOf(sessionId) ?? sessionId, timeMs: beaconTimeIn(commit) })
    }
    if (commit.writes.some(({ key }) => key === 'config/served')) notedMs = on.nowMs()
    for (const { kind, key } of commit.writes) {
      if (kind !== 'create' || !key.startsWith('log/')) continue
      if (term !== undefined) terms.set(key, term)
      writers.set(key, on.nodeOf(sessionId) ?? sessionId)
    }
    return result
  }
  return {
    termOf: (slotKey) => terms.get(slotKey),
    writerOf: (slotKey) => writers.get(slotKey),
    serviceTimes,
    unnoted,
    beacons,
    get commitCount() {
      return commitCount
    },
  }
}

function beaconTimeIn({ writes }: Commit): number {
  const write = writes.find(({ key }) => key === 'clock')
  const value = write !== undefined && 'value' in write ? write.value : new Uint8Array()
  return (JSON.parse(new TextDecoder().decode(value)) as { time: number }).time
}

/** The leadership that a commit is guarded with. */
function termIn({ server }: MemoryWorld, { guards }: Commit): string | undefined {
  const guard = guards.find(({ kind, key }) => kind === 'present' && key.startsWith('leader/'))
  return guard === undefined ? undefined : server.get(guard.key)?.createRevision.toString()
}

/** The newest beacon, as it lies in the store. */
export async function trueBeacon(world: MemoryWorld) {
  const get = async (key: string) => {
    const leaf = world.server.get(key)
    if (leaf === undefined) return undefined
    return { key, value: leaf.value, version: String(leaf.versionCount), createRevision: 1n }
  }
  return (await readBeacon({ get } as Parameters<typeof readBeacon>[0])).beacon
}
