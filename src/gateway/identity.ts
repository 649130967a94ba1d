import type { Person } from '../auction/person.ts'
import type { Guests } from '../engine/engine.ts'
import { groupOf } from '../lib/ip-address.ts'
import { Fault } from './fault.ts'
import type { Rate } from './rate.ts'

/** Who a token belongs to. */
export interface Identity {
  /**
   * Undefined for a token that nobody knows, or that ended.
   * @param address whose wrong guesses are counted
   * @throws Fault `rate-limited` after too many of them, OperatingError when the store cannot tell
   */
  identify(token: string, address: string): Promise<Person | undefined>
}

const tokenPattern = /^[A-Za-z0-9_-]{16,256}$/

export function createIdentity(deps: { guests: Guests; wrongTokens: Rate }): Identity {
  const { guests, wrongTokens } = deps
  return {
    async identify(token, address) {
      const group = groupOf(address)
      const waitMs = await wrongTokens.look(group)
      if (waitMs !== undefined) throw new Fault('rate-limited', undefined, { retryAfterMs: waitMs })
      const person = tokenPattern.test(token) ? await guests.identify(token) : undefined
      if (person === undefined) await wrongTokens.take(group)
      return person
    },
  }
}
