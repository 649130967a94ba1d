/**
 * Who is in the cluster: every node keeps one ephemeral key under `members/` and follows those of the others. A node that
 * died is listed until its session times out; what a member says of itself may be `relookMs` old.
 */
import { assert } from '../lib/assert.ts'
import { createDoorbell, type Doorbell } from '../lib/doorbell.ts'
import { nameOf } from '../store/key.ts'
import { Suspended } from '../store/errors.ts'
import type { Key, Session, Store, Write } from '../store/store.ts'
import { decodeJson, encodeJson } from './json.ts'
import { startLookout } from './lookout.ts'
import { placesOf } from './queue.ts'
import { withdraw, type WithdrawDeps } from './withdraw.ts'

export interface MembershipDeps extends WithdrawDeps {
  nodeId: string
  /** `members` by default. */
  dir?: Key
}

/** What a node says of itself; must survive JSON and stay small (the port's limit of a value). */
export type Presence = Record<string, unknown>

export interface Member {
  readonly nodeId: string
  readonly sessionId: string
  /** Greater for a later incarnation. */
  readonly revision: bigint
  readonly info: Presence
}

export interface Membership {
  /**
   * Keeps our key there, through new sessions, until the signal aborts; then deletes it. Resolves when we are listed for
   * the first time (or the signal aborted). Once per membership.
   */
  join(info: object, signal: AbortSignal): Promise<void>
  /** Says something else of ourselves from now on; written soon, and again after failures. */
  update(info: object): void
  /** Keeps `list` fresh until the signal aborts. Resolves after the first look. */
  observe(signal: AbortSignal): Promise<void>
  /**
   * Everybody, by nodeId, no older than this call; `list` stays as it is.
   * @throws Suspended
   */
  lookAfresh(): Promise<readonly Member[]>
  /** Everybody as last seen, by nodeId; of two incarnations of one node the newest. Empty before `observe`. */
  list(): readonly Member[]
  /** Told after each change of `list`. Returns the way to stop listening. */
  onChange(listener: (members: readonly Member[]) => void): () => void
}

const relookMs = 5_000

export function createMembership(deps: MembershipDeps): Membership {
  const { store, dir = 'members' } = deps
  assert(/^[A-Za-z0-9_.-]+$/.test(deps.nodeId), `a nodeId is fit for a key: ${deps.nodeId}`)
  const listeners = new Set<(members: readonly Member[]) => void>()
  let bell: Doorbell | undefined
  let presence = encodeJson({})
  let members: readonly Member[] = []
  let seen = ''
  const look = async () => {
    const found = await readMembers(store, dir)
    const content = found.map(({ revision, info }) => `${revision}${JSON.stringify(info)}`).join()
    if (content === seen) return
    seen = content
    members = found
    for (const listener of listeners) listener(members)
  }
  return {
    async join(info, signal) {
      assert(bell === undefined, 'a node joins once')
      bell = createDoorbell(signal)
      presence = encodeJson(info)
      let place: Place | undefined
      const onAbort = () => {
        if (place !== undefined) void withdraw(deps, { ...place, isUncertain: true })
      }
      signal.addEventListener('abort', onAbort, { once: true })
      await startLookout(deps, { dir }, { signal, relookMs, bell }, async () => {
        const { session } = store
        place = { key: `${dir}/${deps.nodeId}~${session.id}`, session }
        await show(store, place, presence)
      })
    },
    update(info) {
      presence = encodeJson(info)
      bell?.ring()
    },
    observe: (signal) => startLookout(deps, { dir }, { signal, relookMs }, look),
    async lookAfresh() {
      // What this session reads after that is not older.
      await store.get(`${dir}/${deps.nodeId}`, { fresh: true })
      return readMembers(store, dir)
    },
    list: () => members,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

interface Place {
  readonly key: Key
  readonly session: Session
}

/** Sees to it that our key is there with that value. */
async function show(store: Store, { key, session }: Place, value: Uint8Array): Promise<void> {
  const entry = await store.get(key)
  if (entry !== undefined && isSame(entry.value, value)) return
  const write: Write =
    entry === undefined
      ? { kind: 'create', key, value, ephemeral: session }
      : { kind: 'put', key, value }
  const result = await store.commit({ guards: [], writes: [write] })
  // It came or went meanwhile, by an earlier try of ours or with our session.
  if (!result.ok) throw new Suspended(`our key ${key} changed under our hands`)
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && one.every((byte, index) => byte === other[index])
}

async function readMembers(store: Store, dir: Key): Promise<Member[]> {
  const places = await placesOf(store, dir)
  const entries = await Promise.all(places.map(({ key }) => store.get(key)))
  const newest = new Map<string, Member>()
  for (const entry of entries) {
    if (entry === undefined) continue
    const name = nameOf(entry.key)
    const nodeId = name.slice(0, name.lastIndexOf('~'))
    newest.set(nodeId, {
      nodeId,
      sessionId: name.slice(nodeId.length + 1),
      revision: entry.createRevision,
      info: decodeJson(entry.value) ?? {},
    })
  }
  return [...newest.values()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
}
