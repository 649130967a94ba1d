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
  const mine = money(refused.amount, currency)
  switch (refused.code) {
    case 'bid-too-low':
      return minimum === undefined || minimum === null
        ? `${mine} is too low by now.`
        : `${mine} is too low. The minimum is now ${money(minimum, currency)}.`
    case 'closed':
      return `The auction had closed; your bid of ${mine} does not count.`
    case 'seller-may-not-bid':
      return 'You are selling this lot, so you may not bid for it.'
    case 'own-bid':
      return 'Your own bid stands; you can bid again once somebody has outbid you.'
    case 'not-open':
      return 'The auction is not open yet.'
    case 'closing':
      return `The auction is being closed; your bid of ${mine} was not taken.`
    case 'store-unavailable':
      return `Bidding is paused, your bid of ${mine} was not taken. Time lost near the end is given back.`
    case 'overloaded':
    case 'rate-limited':
      return `Too many bids at once; yours of ${mine} was not taken. Try again.`
    case 'not-sent':
      return `No node could be reached; your bid of ${mine} was not sent. Try again.`
    case 'sign-in-first':
      return 'Your visit has ended. Bid again and say your name.'
    default:
      return refused.detail ?? `Your bid of ${mine} was refused (${refused.code}).`
  }
}
