import { createHash } from 'node:crypto'
import type { GuestSession, Guests, NewSession } from '../engine/engine.ts'
import type { Clock } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import { prices } from './prices.ts'
import type { Rates, Spender } from './rate.ts'
import type { SecurityLog } from './security-log.ts'

/** Whose session a token is of. */
export interface Identity {
  /**
   * Undefined for a token that nobody knows, or that ended. A right one is never refused for the wrong ones of others; when all
   * of a node's look-ups are spent, one that this node does not believe yet may have to wait.
   * @param by whose wrong tokens are counted
   * @throws Fault `rate-limited` for a wrong one after too many of them, OperatingError when the store cannot tell
   */
  identify(token: string, by: Spender): Promise<GuestSession | undefined>
  /** Of a ticket: undefined when it is unknown, used or over. @throws as `identify` */
  redeem(ticket: string, by: Spender): Promise<NewSession | undefined>
}

const tokenPattern = /^[A-Za-z0-9_-]{16,256}$/

/** A token is made at random and shown once it is in the store, so one that was not there a moment ago is not worth a read. */
const unknownForMs = 1_000
/** Beyond, the one that was tried longest ago costs a read again. */
const unknownMax = 10_000

export function createIdentity(deps: {
  guests: Pick<Guests, 'identify' | 'redeem'>
  clock: Clock
  rates: Rates
  security: SecurityLog
}): Identity {
  const { guests, clock, rates, security } = deps
  const unknown = createGrowingCache<{ untilMs: number }>(unknownMax)

  const isUnknown = (hash: string) => (unknown.get(hash)?.untilMs ?? 0) > clock.monotonicMs()
  /** The second, dear read of the store is only made for an address that has not spent its wrong tokens. */
  const lookUp = (token: string, by: Spender): Promise<GuestSession | undefined> => {
    rates.take('lookUps', by, prices.lookUp)
    const reads = rates.waitMs('wrongTokens', by) === 0 ? 'fresh' : 'plain'
    return guests.identify(token, { reads })
  }
  const noteWrong = (by: Spender): void => {
    rates.take('wrongTokens', by)
    security.note('token-refused', by)
  }
  return {
    async identify(token, by) {
      if (!tokenPattern.test(token)) {
        security.note('token-refused', { ...by, detail: 'malformed' })
        return undefined
      }
      const believed = await guests.identify(token, { reads: 'none' })
      if (believed !== undefined) return believed
      const hash = createHash('sha256').update(token).digest('base64url')
      const session = isUnknown(hash) ? undefined : await lookUp(token, by)
      if (session !== undefined) return session
      if (!isUnknown(hash)) unknown.set(hash, { untilMs: clock.monotonicMs() + unknownForMs })
      noteWrong(by)
      return undefined
    },
    async redeem(ticket, by) {
      if (!tokenPattern.test(ticket)) return undefined
      rates.take('lookUps', by, prices.lookUp)
      const session = await guests.redeem(ticket)
      if (session === undefined) noteWrong(by)
      return session
    },
  }
}
