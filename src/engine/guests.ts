import { createHash } from 'node:crypto'
import type { Person } from '../auction/person.ts'
import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import { newUlid } from '../lib/ulid.ts'
import { OutcomeUnknown } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson } from './codec.ts'
import type { Guests } from './engine.ts'
import { keys } from './keyspace.ts'

/** How long a session that was ended on another node may still be believed here. */
const believedMs = 30_000
const rememberedMax = 50_000

export function createGuests(deps: { store: Store; clock: Clock; entropy: Entropy }): Guests {
  const { store, clock, entropy } = deps
  const known = createGrowingCache<{ person: Person; untilMs: number }>(rememberedMax)
  const remember = (hash: string, person: Person) =>
    known.set(hash, { person, untilMs: clock.monotonicMs() + believedMs })

  return {
    async create(name) {
      const token = entropy.token(32)
      const person: Person = { id: newUlid(clock.wallMs(), entropy), name }
      const hash = hashToken(token)
      const value = encodeJson({ schema: 1, ...person, createdAt: clock.wallMs() })
      const create = { kind: 'create', key: keys.session(hash), value } as const
      try {
        await store.commit({ guards: [], writes: [create] })
      } catch (error) {
        // Nobody else makes this key: the same commit again either creates it or finds it there.
        if (!(error instanceof OutcomeUnknown)) throw error
        await store.commit({ guards: [], writes: [create] })
      }
      remember(hash, person)
      return { token, person }
    },
    async identify(token, { reads = 'fresh' } = {}) {
      const hash = hashToken(token)
      const believed = known.get(hash)
      if (believed !== undefined && believed.untilMs > clock.monotonicMs()) return believed.person
      if (reads === 'none') return undefined
      const key = keys.session(hash)
      const near = await store.get(key)
      const entry = near ?? (reads === 'fresh' ? await store.get(key, { fresh: true }) : undefined)
      if (entry === undefined) {
        known.delete(hash)
        return undefined
      }
      const { id, name } = decodeJson(key, entry.value) as Person
      remember(hash, { id, name })
      return { id, name }
    },
    async end(token) {
      const hash = hashToken(token)
      known.delete(hash)
      await store.commit({ guards: [], writes: [{ kind: 'delete', key: keys.session(hash) }] })
    },
  }
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
