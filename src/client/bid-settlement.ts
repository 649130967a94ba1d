import type { BidAcceptanceJson, BidRefusalJson } from '../protocol/outcome.ts'
import type { BidOutcome, BidRejected } from './client.ts'

/** What became of one copy of a bid, as far as the client can tell. */
export type CopyFate =
  | { kind: 'accepted'; acceptance: BidAcceptanceJson }
  | { kind: 'refused'; refusal: Omit<BidRejected, 'copyCount'> }
  /** It left us; nobody said what became of it. It may stand, and may still land. */
  | { kind: 'lost' }
  /** It certainly reached no node. */
  | { kind: 'not-sent' }

export type NextStep =
  | { kind: 'done'; outcome: BidOutcome }
  /** Send the same bid again, not before so long. */
  | { kind: 'again'; afterMs: number }

/**
 * Settles one bid. The rule: as long as every copy's fate is known, the newest answer counts; once a copy is lost, only
 * `accepted`, a final refusal or `bid-id-reused` can be the answer, because a refusal of a later copy says nothing of it.
 */
export interface BidSettlement {
  /** @param waitMs what to wait where the node does not say */
  learned(fate: CopyFate, waitMs: number): NextStep
  /** No more time or copies: what can honestly be said. */
  givenUp(): BidOutcome
}

/** The machinery's refusals: this copy does not count, and another may fare better. */
const passing: ReadonlySet<string> = new Set<BidRefusalJson['code']>([
  'overloaded',
  'store-unavailable',
  'closing',
  'draining',
  'unsettled',
])
/** The caller's own mistakes: sending the same again can only be refused again. */
const hopeless: ReadonlySet<string> = new Set<BidRefusalJson['code']>([
  'bad-request',
  'bad-json',
  'unknown-field',
  'bad-amount',
  'bad-message',
  'sign-in-first',
  'origin-not-allowed',
  'no-such-route',
])
const notSentMax = 6
const retryAfterMaxMs = 5_000

export function createBidSettlement(options: {
  bidId: string
  copiesMax: number
  /** Copies from before this settlement may still land. */
  hasEarlierCopies: boolean
}): BidSettlement {
  const { bidId } = options
  let copyCount = 0
  let notSentInARow = 0
  let hasLostCopy = options.hasEarlierCopies
  let refusal: Omit<BidRejected, 'copyCount'> = notSent(bidId)

  const unknown = (): BidOutcome => ({ outcome: 'unknown', bidId, copyCount })
  const givenUp = (): BidOutcome => (hasLostCopy ? unknown() : { ...refusal, copyCount })
  const done = (outcome: BidOutcome): NextStep => ({ kind: 'done', outcome })
  const again = (afterMs: number): NextStep =>
    copyCount >= options.copiesMax ? done(givenUp()) : { kind: 'again', afterMs }

  function refused(waitMs: number): NextStep {
    const isAnswer = refusal.final || refusal.code === 'bid-id-reused'
    if (isAnswer) return done({ ...refusal, copyCount })
    if (hopeless.has(refusal.code)) return done(givenUp())
    if (!passing.has(refusal.code) && !hasLostCopy) return done({ ...refusal, copyCount })
    return again(Math.min(retryAfterMaxMs, Math.max(waitMs, refusal.retryAfterMs ?? 0)))
  }

  return {
    givenUp,
    learned(fate, waitMs) {
      if (fate.kind === 'not-sent') {
        notSentInARow++
        return notSentInARow >= notSentMax ? done(givenUp()) : again(waitMs)
      }
      notSentInARow = 0
      copyCount++
      if (fate.kind === 'accepted') return done({ ...fate.acceptance, copyCount })
      if (fate.kind === 'lost') {
        hasLostCopy = true
        return again(waitMs)
      }
      refusal = fate.refusal
      return refused(waitMs)
    },
  }
}

function notSent(bidId: string): Omit<BidRejected, 'copyCount'> {
  return {
    outcome: 'rejected',
    bidId,
    code: 'not-sent',
    final: false,
    detail: 'no node was reached',
  }
}
