import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Entry, Store } from '../store/store.ts'
import { decodeJson, encodeJson, Unreadable } from './codec.ts'
import { keys } from './keyspace.ts'

/** One of the secrets that the nodes of a cluster share; a newer one has a higher number. */
export interface Secret {
  readonly number: number
  readonly secret: string
}

/** As kept in the store. The one before is good until `until`, in cluster time. */
interface Secrets {
  readonly current: Secret
  readonly previous?: Secret & { readonly until: number }
}

/** Those that only who may read the store knows. They leave neither the store nor this node's memory. */
export interface ClusterSecret {
  /** The newest; made when there is none. @throws Suspended */
  current(): Promise<Secret>
  /**
   * That of a number while it is good. Never makes one. A stranger's number costs no more than a read a second.
   * @throws Suspended
   */
  find(number: number, nowMs: number): Promise<Secret | undefined>
  /** Reads again when what is known is older than `freshMs`. @throws Suspended */
  refresh(): Promise<void>
  /** Makes a new one. The one before stays good for `secretGraceMs`, the one before that ends. @throws Suspended */
  rotate(nowMs: number): Promise<{ number: number; previousUntil: number | null }>
}

const secretByteCount = 32
const triesMax = 4
/** How long the secret before the current one is good. */
const secretGraceMs = 60_000
/** What is known of the secrets is read again when it is used and older than this. */
const freshMs = 10_000
/** Numbers that are not known make us read no more often. */
const unknownEveryMs = 1_000

export function createClusterSecret(deps: {
  store: Store
  entropy: Entropy
  clock: Clock
}): ClusterSecret {
  const { store, entropy, clock } = deps
  const key = keys.secret
  let known: Secrets | undefined
  let readAtMs = -Infinity
  let reading: Promise<Entry | undefined> | undefined

  const look = async (isFresh: boolean) => {
    readAtMs = clock.monotonicMs()
    const entry = isFresh ? await store.get(key, { fresh: true }) : await store.get(key)
    if (entry !== undefined) known = secretsOf(decodeJson(key, entry.value))
    return entry
  }
  /** Whoever asks meanwhile shares the look. */
  const read = () => (reading ??= look(true).finally(() => (reading = undefined)))
  const refreshAfter = async (ms: number) => {
    if (reading !== undefined || clock.monotonicMs() - readAtMs >= ms) await read()
  }
  const newSecret = (number: number): Secret => ({ number, secret: entropy.token(secretByteCount) })
  const write = (entry: Entry | undefined, secrets: Secrets) => writeSecrets(store, entry, secrets)
  return {
    async current() {
      for (let tries = 0; tries < triesMax; tries++) {
        if (known === undefined) await read()
        else await refreshAfter(freshMs)
        if (known !== undefined) return known.current
        await write(undefined, { current: newSecret(1) })
      }
      throw new Suspended('the secret of the cluster could not be made')
    },
    async find(number, nowMs) {
      const isUnknown = known === undefined || number === known.current.number + 1
      if (isUnknown) await refreshAfter(unknownEveryMs)
      return goodOf(known, number, nowMs)
    },
    refresh: () => refreshAfter(freshMs),
    async rotate(nowMs) {
      let wanted: Secret | undefined
      for (let tries = 0; tries < triesMax; tries++) {
        const entry = await look(true)
        const before = entry === undefined ? undefined : known
        if (wanted !== undefined && before?.current.secret === wanted.secret) break
        wanted = newSecret((before?.current.number ?? 0) + 1)
        const previous = before && { ...before.current, until: nowMs + secretGraceMs }
        const secrets = { current: wanted, ...(previous && { previous }) }
        if (await write(entry, secrets)) {
          known = secrets
          break
        }
        if (tries === triesMax - 1)
          throw new Suspended('the secret of the cluster could not be changed')
      }
      const { current, previous } = known as Secrets
      return { number: current.number, previousUntil: previous?.until ?? null }
    },
  }
}

/** @returns false when somebody was quicker, or nobody knows: then reading tells. @throws Suspended */
async function writeSecrets(
  store: Store,
  entry: Entry | undefined,
  secrets: Secrets,
): Promise<boolean> {
  const key = keys.secret
  const value = encodeJson({ schema: 2, ...secrets })
  try {
    const { ok } = await store.commit(
      entry === undefined
        ? { guards: [], writes: [{ kind: 'create', key, value }] }
        : {
            guards: [{ kind: 'unchanged', key, version: entry.version }],
            writes: [{ kind: 'put', key, value }],
          },
    )
    return ok
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error
    return false
  }
}

function goodOf(secrets: Secrets | undefined, number: number, nowMs: number): Secret | undefined {
  if (secrets?.current.number === number) return secrets.current
  const { previous } = secrets ?? {}
  return previous?.number === number && nowMs < previous.until ? previous : undefined
}

function secretsOf(record: unknown): Secrets {
  const found = record as {
    secret?: unknown
    current?: Partial<Secret>
    previous?: Partial<Secret & { until: number }>
  } | null
  // The first schema had one secret without a number.
  if (isSecret(found?.secret)) return { current: { number: 1, secret: found.secret } }
  const { current, previous } = found ?? {}
  if (!isSecret(current?.secret) || !Number.isSafeInteger(current.number))
    throw new Unreadable(keys.secret, 'it is no secret')
  const newest = { number: current.number as number, secret: current.secret }
  const isPreviousGood = isSecret(previous?.secret) && Number.isFinite(previous.until)
  if (!isPreviousGood) return { current: newest }
  return { current: newest, previous: previous as Secret & { until: number } }
}

function isSecret(part: unknown): part is string {
  return typeof part === 'string' && part.length >= secretByteCount
}
