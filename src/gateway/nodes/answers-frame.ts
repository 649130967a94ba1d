/**
 * Answers on their way back: a frame is `[[number, [answer, …]], …]`, with an answer for each bid of the forward, in their order:
 * null, `["a", seq, amount, at, minimum, endsAt, timing]`, `["r", code, final, seq, minimum, endsAt, retryAfterMs, timing]` or
 * `["u", timing]`; timing is `[waitedMs, lockMs, commitMs, batchSize]` or null. Ids of bids are not repeated.
 */
import { amountMaxMinor } from '../../auction/money.ts'
import type { BidOutcome, BidRefusal, BidRefusalCode, BidTiming } from '../../engine/engine.ts'
import type { ForwardedAnswer, ForwardedAnswers, ForwardedBid } from '../../engine/forwarding.ts'
import { msOf, NotUnderstood, orNull, parseFrame, rowOf, wholeOf } from './frame-parts.ts'

export interface Answered {
  readonly number: number
  readonly answers: ForwardedAnswers
}

export function encodeAnswers(number: number, answers: ForwardedAnswers): string {
  return JSON.stringify([number, answers.map((answer) => answer && encodeAnswer(answer))])
}

function encodeAnswer({ outcome, timing }: ForwardedAnswer): readonly unknown[] {
  const spent = timing === undefined ? null : encodeTiming(timing)
  switch (outcome.outcome) {
    case 'accepted': {
      const { seq, amountMinor, at, minimumNextBidMinor, endsAt } = outcome
      return ['a', seq, amountMinor, at, minimumNextBidMinor, endsAt, spent]
    }
    case 'rejected': {
      const { code, final, seq, minimumNextBidMinor, endsAt, retryAfterMs } = outcome
      const facts = [seq, minimumNextBidMinor, endsAt, retryAfterMs].map((fact) => fact ?? null)
      return ['r', code, final, ...facts, spent]
    }
    case 'unknown':
      return ['u', spent]
  }
}

function encodeTiming({ waitedMs, lockMs, commitMs, batchSize }: BidTiming): number[] {
  const [waited, lock, commit] = [waitedMs, lockMs, commitMs].map(
    (ms) => Math.round(ms * 100) / 100,
  )
  return [waited ?? 0, lock ?? 0, commit ?? 0, batchSize]
}

/**
 * @param bidsOf what the forward of this number asked; undefined when nobody waits for its answer any more, which is left out
 * @throws NotUnderstood: then nothing of the frame is to be believed
 */
export function decodeAnswers(
  text: string,
  bidsOf: (number: number) => readonly ForwardedBid[] | undefined,
): Answered[] {
  const found: Answered[] = []
  for (const part of parseFrame(text)) {
    const [first, rows] = rowOf(part, 'an answer', 2)
    const number = wholeOf(first, 'the number')
    const bids = bidsOf(number)
    if (bids === undefined) continue
    const answers = rowOf(rows, 'the answers', bids.length).map((row, index) =>
      row === null ? null : decodeAnswer(row, bids[index]?.bidId ?? ''),
    )
    found.push({ number, answers })
  }
  return found
}

function decodeAnswer(part: unknown, bidId: string): ForwardedAnswer {
  const row = rowOf(part, 'an outcome', 2, 8)
  const timing = orNull(row.at(-1), 'the timing', decodeTiming)
  const outcome = decodeOutcome(row, bidId)
  return timing === null ? { outcome } : { outcome, timing }
}

function decodeOutcome(row: readonly unknown[], bidId: string): BidOutcome {
  switch (row[0]) {
    case 'a': {
      const [, seq, amount, at, minimum, endsAt] = rowOf(row, 'an acceptance', 7)
      return {
        outcome: 'accepted',
        bidId,
        seq: wholeOf(seq, 'the seq'),
        amountMinor: amountOf(amount, 'the amount'),
        at: msOf(at, 'the stamp'),
        minimumNextBidMinor: orNull(minimum, 'the minimum', amountOf),
        endsAt: msOf(endsAt, 'the end'),
      }
    }
    case 'r':
      return decodeRefusal(row, bidId)
    case 'u':
      rowOf(row, 'an unknown outcome', 2)
      return { outcome: 'unknown', bidId }
    default:
      throw new NotUnderstood('the kind of outcome')
  }
}

function decodeRefusal(row: readonly unknown[], bidId: string): BidRefusal {
  const [, code, final, ...facts] = rowOf(row, 'a refusal', 8)
  if (typeof final !== 'boolean') throw new NotUnderstood('whether it is final')
  const seq = orNull(facts[0], 'the seq', wholeOf)
  const minimumNextBidMinor = orNull(facts[1], 'the minimum', amountOf)
  const endsAt = orNull(facts[2], 'the end', msOf)
  const retryAfterMs = orNull(facts[3], 'when to try again', msOf)
  return {
    outcome: 'rejected',
    bidId,
    code: codeOf(code),
    final,
    ...(seq !== null && { seq }),
    ...(minimumNextBidMinor !== null && { minimumNextBidMinor }),
    ...(endsAt !== null && { endsAt }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  }
}

/** A minimum may lie one step beyond what can be bid. */
function amountOf(part: unknown, what: string): number {
  const amount = wholeOf(part, what)
  if (amount <= 2 * amountMaxMinor) return amount
  throw new NotUnderstood(what)
}

function decodeTiming(part: unknown): BidTiming {
  const [waited, lock, commit, batchSize] = rowOf(part, 'the timing', 4)
  return {
    waitedMs: msOf(waited, 'the timing'),
    lockMs: msOf(lock, 'the timing'),
    commitMs: msOf(commit, 'the timing'),
    batchSize: wholeOf(batchSize, 'the timing'),
  }
}

const codes: Readonly<Record<BidRefusalCode, true>> = {
  'bid-too-low': true,
  closed: true,
  'seller-may-not-bid': true,
  'not-open': true,
  'own-bid': true,
  'step-too-large': true,
  'bid-id-reused': true,
  overloaded: true,
  'store-unavailable': true,
  closing: true,
  'no-such-auction': true,
  quarantined: true,
}

function codeOf(part: unknown): BidRefusalCode {
  if (typeof part === 'string' && Object.hasOwn(codes, part)) return part as BidRefusalCode
  throw new NotUnderstood('the code')
}
