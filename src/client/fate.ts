import type { BidAcceptanceJson, BidRefusalJson } from '../protocol/outcome.ts'
import type { CopyFate } from './bid-settlement.ts'
import type { HttpAnswer } from './http-exchange.ts'

/** Failures of which nobody knows what they left behind. */
const fateless: ReadonlySet<string> = new Set<BidRefusalJson['code']>([
  'outcome-unknown',
  'internal',
])

export function fateOfRefusal(refusal: BidRefusalJson & { detail?: string | undefined }): CopyFate {
  return fateless.has(refusal.code) ? { kind: 'lost' } : { kind: 'refused', refusal }
}

/** The answer to a bid by HTTP. What carries no code of ours (a proxy's own page) tells nothing of the bid. */
export function fateOfAnswer(answer: HttpAnswer, bidId: string): CopyFate {
  const { body, status } = answer
  if (status < 300 && body['outcome'] === 'accepted')
    return { kind: 'accepted', acceptance: body as unknown as BidAcceptanceJson }
  if (status < 400 || typeof body['code'] !== 'string') return { kind: 'lost' }
  const problem = body as unknown as BidRefusalJson & { detail?: string }
  return fateOfRefusal({
    outcome: 'rejected',
    bidId,
    code: problem.code,
    final: body['final'] === true,
    detail: problem.detail,
    seq: problem.seq,
    minimumNextBid: problem.minimumNextBid,
    endsAt: problem.endsAt,
    retryAfterMs: answer.retryAfterMs,
  })
}
