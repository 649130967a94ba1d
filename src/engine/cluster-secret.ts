import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Entropy } from '../lib/entropy.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson, Unreadable } from './codec.ts'
import { keys } from './keyspace.ts'

/**
 * What lets one node in at another: a pass is made of a secret that only those who may read the store know, for one incarnation
 * of one node. The secret itself leaves neither the store nor this node's memory.
 */
export interface NodePasses {
  /**
   * For the node that has this session with the store. The first one that is asked for makes the secret.
   * @throws Suspended
   */
  pass(sessionId: string): Promise<string>
  /**
   * Never makes the secret, so that a stranger who asks writes nothing.
   * @throws Suspended
   */
  isPass(pass: string, sessionId: string): Promise<boolean>
}

const secretByteCount = 32
const triesMax = 4

export function createNodePasses(deps: { store: Store; entropy: Entropy }): NodePasses {
  const { store, entropy } = deps
  const key = keys.secret
  let known: string | undefined
  let reading: Promise<string | undefined> | undefined

  const look = async () => {
    const entry = (await store.get(key)) ?? (await store.get(key, { fresh: true }))
    // Created once, never put: what is there once is there for good.
    if (entry !== undefined) known = secretOf(decodeJson(key, entry.value))
    return known
  }
  /** Whoever asks meanwhile shares the look. */
  const read = async () => {
    if (known !== undefined) return known
    reading ??= look().finally(() => (reading = undefined))
    return reading
  }
  const make = async () => {
    for (let tries = 0; tries < triesMax; tries++) {
      const found = await read()
      if (found !== undefined) return found
      const value = encodeJson({ schema: 1, secret: entropy.token(secretByteCount) })
      try {
        await store.commit({ guards: [], writes: [{ kind: 'create', key, value }] })
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error
      }
    }
    throw new Suspended('the secret of the cluster could not be made')
  }
  return {
    pass: async (sessionId) => passFor(sessionId, await make()),
    async isPass(pass, sessionId) {
      const secret = await read()
      return secret !== undefined && isSame(pass, passFor(sessionId, secret))
    },
  }
}

function passFor(sessionId: string, secret: string): string {
  return createHmac('sha256', secret).update(sessionId).digest('base64url')
}

/** Takes as long for a pass that is nearly right as for one that is not at all. */
function isSame(one: string, other: string): boolean {
  const [ours, theirs] = [Buffer.from(one), Buffer.from(other)]
  return ours.byteLength === theirs.byteLength && timingSafeEqual(ours, theirs)
}

function secretOf(record: unknown): string {
  const isRecord = typeof record === 'object' && record !== null && 'secret' in record
  if (isRecord && typeof record.secret === 'string' && record.secret.length >= secretByteCount) {
    return record.secret
  }
  throw new Unreadable(keys.secret, 'it is no secret')
}
