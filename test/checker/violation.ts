/** A promise that the history shows broken. */
export interface Violation {
  readonly rule: Rule
  readonly detail: string
  readonly auctionId?: string | undefined
}

/** Every rule by its name, with what it demands. */
export const rules = {
  'journals-equal': 'All nodes tell the same journal, and each shows it at its end.',
  'seq-run': 'A journal begins with its creation; seq rises by one, time never runs back.',
  'opens-first': 'One opening, not before the start, and no bid before it.',
  'price-rises': 'The first bid reaches the start price, each later one rises by the increment.',
  'bidder-allowed': 'The seller never bids; nobody outbids themselves where that is forbidden.',
  'bid-once': 'A bidId of one bidder stands at most once.',
  'bid-sent': 'What stands was sent: by this bidder, with this amount.',
  'bid-in-time': 'A bid is stamped before the end in force, and not before it was sent.',
  'one-close': 'An auction ends once: closed, or cancelled without a bid.',
  'nothing-after-close': 'Nothing is accepted after the end.',
  'close-not-early': 'No close before the end in force, by the journal and by the wall clock.',
  'end-recomputed': 'The end and the number of extensions follow from conditions and bids.',
  'outage-once':
    'An outage is given back once, after the end that it fell on, and only what it took.',
  'same-winner': 'The winner is the highest bidder, the hammer price the highest bid, everywhere.',
  'acknowledged-stays': 'An acknowledged bid stands at its seq with its amount.',
  'same-answer': 'Every acknowledgement of a bid says the same.',
  'refused-absent': 'A refused bid does not stand.',
  'refusal-true':
    'The reason of a refusal held at the seq that it names, between question and answer.',
  'real-time-order': 'What was known before a bid was sent stands before it.',
  'read-fresh': 'A fresh read is not older than what was known before it began.',
  'reads-monotonic': 'Nobody reads something older than they read before.',
  'all-closed': 'At the end every auction is over, in its journal and on every node.',
  'views-complete': 'Every node tells view and journal of every auction with a bid.',
  'feed-run': 'A feed is one run without gap; nothing twice, no jump unsaid.',
  'feed-equals-journal': 'A feed tells what the journal holds, and shows what follows from it.',
  'feed-complete': 'A feed comes to the end of the journal.',
  'feed-one-close': 'A feed tells of the close exactly once.',
  'terms-rise': "Leaders' terms rise, each is one node's; beacons go on.",
  'raw-equals-journal':
    'The slots in the store hold what the nodes tell; revisions and terms rise.',
  'no-write-while-frozen': 'A node writes nothing between the loss of its lock and its waking.',
  'no-orphans': 'No lock, candidacy or membership outlives its node.',
  'recovered-in-time': 'What a fault took comes back within its bound.',
} as const

export type Rule = keyof typeof rules

export type Report = (rule: Rule, detail: string, auctionId?: string) => void
