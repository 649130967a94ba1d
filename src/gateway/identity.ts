import type { GuestSession, Guests } from '../engine/engine.ts'
import { groupOf } from '../lib/ip-address.ts'
import { Fault } from './fault.ts'
import type { Rate } from './rate.ts'

/** Whose session a token is of. */
export interface Identity {
  /**
   * Undefined for a token that nobody knows, or that ended.
   * @param address whose wrong guesses are counted
   * @throws Fault `rate-limited` after too many of them, OperatingError when the store cannot tell
   */
  identify(token: string, address: string): Promise<GuestSession | undefined>
}

const tokenPattern = /^[A-Za-z0-9_-]{16,256}$/

export function createIdentity(deps: { guests: Guests; wrongTokens: Rate }): Identity {
  const { guests, wrongTokens } = deps
  return {
    async identify(token, address) {
      const group = groupOf(address)
      const waitMs = await wrongTokens.look(group)
      if (waitMs !== undefined) throw new Fault('rate-limited', undefined, { retryAfterMs: waitMs })
      const session = tokenPattern.test(token) ? await guests.identify(token) : undefined
      if (session === undefined) await wrongTokens.take(group)
      return session
    },
  }
}
