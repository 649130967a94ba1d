/** A promise that the history shows broken. */
export interface Violation {
  readonly rule: Rule
  readonly detail: string
  readonly auctionId?: string | undefined
}

export type Rule =
  | 'journals-equal'
  | 'seq-run'
  | 'price-rises'
  | 'bid-once'
  | 'one-close'
  | 'nothing-after-close'
  | 'close-not-early'
  | 'bid-in-time'
  | 'end-recomputed'
  | 'acknowledged-stays'
  | 'refused-absent'
  | 'refusal-true'
  | 'real-time-order'
  | 'read-fresh'
  | 'same-winner'
  | 'all-closed'
  | 'feed-run'
  | 'feed-equals-journal'
  | 'feed-complete'
  | 'terms-rise'
  | 'raw-equals-journal'
  | 'no-write-while-frozen'

export type Report = (rule: Rule, detail: string, auctionId?: string) => void
