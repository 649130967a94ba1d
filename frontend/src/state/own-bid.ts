import { signal, type ReadonlySignal } from '@preact/signals'
import type { BidOutcome, Client } from '../../../src/client/client.ts'
import { sleep, type Clock } from '../../../src/lib/clock.ts'
import type { Entropy } from '../../../src/lib/entropy.ts'
import type { RefusedBid } from './refusal.ts'

/** What is known of the bid that this page sent last. Nothing is shown as won or leading from here: only the journal says so. */
export type OwnBid =
  | { readonly state: 'sending'; readonly amount: string }
  /** No node could tell for half a minute: it is asked again, with the same bidId, until one can. */
  | { readonly state: 'unsure'; readonly amount: string }
  | {
      readonly state: 'accepted'
      readonly amount: string
      readonly seq: number
      readonly tookMs: number
    }
  | { readonly state: 'refused'; readonly refused: RefusedBid }

export interface OwnBids {
  readonly newest: ReadonlySignal<OwnBid | undefined>
  /** One at a time: a second one before the first is settled is not sent. Never throws. */
  place(amount: string): Promise<BidOutcome | undefined>
  /** Forgets what was told of the newest, unless it is still on its way. */
  dismiss(): void
  close(): void
}

/** Between two rounds of asking after a bid that nobody could tell about; each round is the client's own half minute. */
const unsureEveryMs = 3_000
/** About an hour; then the page stops asking and says so. */
const unsureRoundsMax = 120

export function createOwnBids(deps: {
  client: Client
  auctionId: string
  clock: Clock
  entropy: Entropy
}): OwnBids {
  const { client, auctionId, clock, entropy } = deps
  const newest = signal<OwnBid | undefined>(undefined)
  const leaving = new AbortController()
  const isOnItsWay = () => newest.value?.state === 'sending' || newest.value?.state === 'unsure'

  const settle = async (amount: string): Promise<BidOutcome> => {
    const bidId = entropy.token(15)
    const request = { auctionId, amount, bidId, signal: leaving.signal }
    let outcome = await client.bid(request)
    for (let round = 0; outcome.outcome === 'unknown' && round < unsureRoundsMax; round++) {
      newest.value = { state: 'unsure', amount }
      await sleep(clock, unsureEveryMs, leaving.signal)
      outcome = await client.bid(request)
    }
    return outcome
  }
  return {
    newest,
    async place(amount) {
      if (isOnItsWay()) return undefined
      const sentMs = clock.monotonicMs()
      newest.value = { state: 'sending', amount }
      try {
        const outcome = await settle(amount)
        newest.value = told(outcome, amount, clock.monotonicMs() - sentMs)
        return outcome
      } catch {
        return undefined
      }
    },
    dismiss() {
      if (!isOnItsWay()) newest.value = undefined
    },
    close: () => leaving.abort(),
  }
}

function told(outcome: BidOutcome, amount: string, tookMs: number): OwnBid {
  switch (outcome.outcome) {
    case 'accepted':
      return { state: 'accepted', amount: outcome.amount, seq: outcome.seq, tookMs }
    case 'unknown':
      return { state: 'unsure', amount }
    case 'rejected': {
      const { code, minimumNextBid, detail } = outcome
      return { state: 'refused', refused: { code, amount, minimumNextBid, detail } }
    }
  }
}
