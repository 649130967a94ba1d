import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import { OperatingError } from '../lib/errors.ts'
import type { Store } from '../store/store.ts'
import { createClusterSecret } from './cluster-secret.ts'
import { Unsettled } from './creation.ts'
import type { ClusterTime } from './engine.ts'

/** The two ends of a link, by their sessions with the store. */
export interface LinkEnds {
  readonly to: string
  readonly from: string
}

/**
 * What lets one node in at another: `NUMBER.TIME.NONCE.MAC`, made of a secret that only those who may read the store know. It is
 * good for one node's incarnation to enter at one other's, once, within 30 s of cluster time.
 */
export interface NodePasses {
  /** The first one that is asked for makes the secret. @throws Suspended, Unsettled without cluster time */
  pass(ends: LinkEnds): Promise<string>
  /**
   * The number of the secret that the pass was made of, undefined when it lets nobody in. It is spent by this.
   * Never makes the secret, so that a stranger who asks writes nothing.
   * @throws Suspended, Unsettled; OperatingError `overloaded` when too many were spent lately
   */
  admits(pass: string, ends: LinkEnds): Promise<number | undefined>
  /** Whether who came in by this secret may stay. @throws Suspended, Unsettled */
  accepts(secretNumber: number): Promise<boolean>
  /** Makes a new secret; `previousUntil`, in cluster time, is how long the one before is good. @throws Suspended, Unsettled */
  rotate(): Promise<{ number: number; previousUntil: number | null }>
}

/** A pass is good so long before and after the instant in it. */
const goodMs = 30_000
const nonceByteCount = 16
/** Spent passes that are remembered, each as long as it could be good; the next one is refused meanwhile. */
const spentMax = 4_096

export function createNodePasses(deps: {
  store: Store
  entropy: Entropy
  clock: Clock
  time: Pick<ClusterTime, 'now'>
}): NodePasses {
  const { entropy, time } = deps
  const secrets = createClusterSecret(deps)
  const spent = createSpentNonces(deps.clock)
  const now = () => {
    const nowMs = time.now()
    if (nowMs === undefined) throw new Unsettled()
    return nowMs
  }
  return {
    async pass(ends) {
      const atMs = Math.round(now())
      const { number, secret } = await secrets.current()
      const signed = `${number}.${atMs}.${entropy.token(nonceByteCount)}`
      return `${signed}.${macOf(signed, ends, secret)}`
    },
    async admits(pass, ends) {
      const [, signed = '', numberText, atText, nonce = '', mac = ''] = passPattern.exec(pass) ?? []
      const number = Number(numberText)
      const nowMs = now()
      // What is too old or from the future needs no look into the store.
      if (signed === '' || Math.abs(nowMs - Number(atText)) > goodMs) return undefined
      const known = await secrets.find(number, nowMs)
      if (known === undefined || !isSame(mac, macOf(signed, ends, known.secret))) return undefined
      // From here on it is somebody who had the secret; it may have been changed meanwhile.
      await secrets.refresh()
      if ((await secrets.find(number, nowMs))?.secret !== known.secret) return undefined
      return spent.spend(nonce) ? number : undefined
    },
    async accepts(secretNumber) {
      await secrets.refresh()
      return (await secrets.find(secretNumber, now())) !== undefined
    },
    rotate: async () => secrets.rotate(now()),
  }
}

const passPattern = /^((\d{1,9})\.(\d{1,15})\.([A-Za-z0-9_-]{22}))\.([A-Za-z0-9_-]{43})$/

function macOf(signed: string, { to, from }: LinkEnds, secret: string): string {
  return createHmac('sha256', secret).update(`${signed}|${to}|${from}`).digest('base64url')
}

/** Takes as long for a pass that is nearly right as for one that is not at all. */
function isSame(one: string, other: string): boolean {
  const [ours, theirs] = [Buffer.from(one), Buffer.from(other)]
  return ours.byteLength === theirs.byteLength && timingSafeEqual(ours, theirs)
}

/** Nonces of good passes, until no copy of theirs could be good any more. */
function createSpentNonces(clock: Clock) {
  const spentAtMs = new Map<string, number>()
  const forgetOld = (nowMs: number) => {
    for (const [nonce, atMs] of spentAtMs) {
      if (nowMs - atMs <= 2 * goodMs) return
      spentAtMs.delete(nonce)
    }
  }
  return {
    /** @returns false when it was spent before */
    spend(nonce: string): boolean {
      const nowMs = clock.monotonicMs()
      forgetOld(nowMs)
      if (spentAtMs.has(nonce)) return false
      if (spentAtMs.size >= spentMax)
        throw new OperatingError('overloaded', 'too many nodes came in lately')
      spentAtMs.set(nonce, nowMs)
      return true
    },
  }
}
