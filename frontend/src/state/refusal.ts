import { say } from '../words/say.ts'
import { money } from './amount.ts'

export interface RefusedBid {
  readonly code: string
  readonly amount: string
  readonly minimumNextBid?: string | null | undefined
  readonly detail?: string | undefined
}

/** What to tell somebody whose bid was refused, and what they can do now. */
export function refusalInWords(refused: RefusedBid, currency: string): string {
  const { minimumNextBid: minimum } = refused
  const amount = money(refused.amount, currency)
  switch (refused.code) {
    case 'bid-too-low':
      return minimum === undefined || minimum === null
        ? say('refusedTooLow', { amount })
        : say('refusedTooLowMinimum', { amount, minimum: money(minimum, currency) })
    case 'closed':
      return say('refusedClosed', { amount })
    case 'seller-may-not-bid':
      return say('mayNotSeller')
    case 'own-bid':
      return say('refusedOwnBid')
    case 'not-open':
      return say('refusedNotOpen')
    case 'closing':
      return say('refusedClosing', { amount })
    case 'store-unavailable':
      return say('refusedPaused', { amount })
    case 'overloaded':
    case 'rate-limited':
      return say('refusedOverload', { amount })
    case 'not-sent':
      return say('refusedNotSent', { amount })
    case 'sign-in-first':
      return say('refusedVisitEnded')
    default:
      return refused.detail ?? say('refusedOther', { amount, code: refused.code })
  }
}
