/**
 * What calls cost, in units: one is the processor time of `GET /time`, which is the least that a call costs. Reads, writes,
 * sessions and subscriptions of all callers are paid from `nodeUnitsPerSecond`; reads and subscriptions also from their address's
 * own. Each price is an estimate of the work,
 * not fitted from a measurement.
 */
export const prices = {
  /** A frame `time`. */
  timeFrame: 0.2,
  subscribe: 2,
  /** To an auction that the socket watches already: its room may be closed and opened for nothing. */
  subscribeAgain: 10,
  /** On top, for an id that is not there: the store was asked, perhaps twice. */
  unknownAuction: 10,
  /** `fresh=true`: a read that the store's servers agree on. */
  fresh: 5,
  metrics: 20,
  openApi: 5,
  /** A file of the web app, or a path where nothing is. */
  file: 1,
  cluster: 5,
  /** Of looking one of one's bids up in the journal. */
  bidLookUp: 5,
  /** A token for a page: a read, and twice a day a commit. */
  pageToken: 5,
  /** A token that this node does not believe yet: a read of the store. */
  lookUp: 1,
} as const

/** A page of the catalogue: what its encoding costs. */
export const listPrice = (items: number): number => 2 + items / 20

/** A page of a journal: each event may be a read of the store. */
export const eventsPrice = (events: number): number => 2 + events / 10

/** An answer of more than this costs one unit for each time that it is so large. */
const bytesPerUnit = 32 * 1024

export const bytesPrice = (bytes: number): number => Math.floor(bytes / bytesPerUnit)
