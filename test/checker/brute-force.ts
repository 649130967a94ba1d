import { minorOf } from './amount.ts'
import type { BidAnswer, BidInvoke, HistoryLine, JournalEvent } from './history.ts'

/**
 * Is there any legal order? A search in the manner of Wing and Gong over a tiny history of one auction: take all bids, and the
 * close, one after another in any order that real time allows (whoever was answered before another was sent comes before
 * it), play each to a sequential model of the sale, and see whether the model says what the bidders were told and writes the
 * journal that is given.
 *
 * So both judge the same question: the linear checker gets the order from the sequence numbers, this search knows nothing of
 * them but that an acknowledgement and a refusal name one. What they must agree on: exactly the histories for which no order
 * exists have violations. Not part of it: stamps, extensions, feeds, nodes, stores; those have one answer and need no search.
 *
 * A bid without an answer, or with "unknown", may take its place at any time after it was sent, or never. A lasting refusal may
 * come out of a node's memory: at its turn the seq that it names is in the journal, and its reason was true there (it has
 * only become truer). A refusal of its moment names the newest seq of its turn.
 */
export function hasLegalOrder(history: readonly HistoryLine[]): boolean {
  const [journal] = history.filter((line) => line.t === 'journal')
  if (journal === undefined) return false
  const { events } = journal
  const [created] = events
  if (created?.type !== 'AuctionCreated' || events[1]?.type !== 'AuctionOpened') return false
  if (events.some(({ seq }, index) => seq !== index + 1)) return false
  return search(operationsOf(history), events)
}

interface Operation {
  readonly sent: BidInvoke
  /** Undefined where nobody learned anything. */
  readonly told: BidAnswer | undefined
}

const operationsMax = 12

function operationsOf(history: readonly HistoryLine[]): Operation[] {
  const answers = history.filter((line) => line.t === 'answer' && line.outcome !== 'unknown')
  const operations = history.flatMap((sent) => {
    if (sent.t !== 'invoke') return []
    const told = answers.find((line) => line.t === 'answer' && line.bidId === sent.bidId)
    return [{ sent, told: told as BidAnswer | undefined }]
  })
  if (operations.length > operationsMax) throw new Error('too many to search')
  return operations
}

/** Depth first; a set of operations that are through and a length of the journal need to be tried only once. */
function search(operations: readonly Operation[], events: readonly JournalEvent[]): boolean {
  const tried = new Set<string>()
  const from = (through: number, length: number): boolean => {
    const name = `${through} ${length}`
    if (tried.has(name)) return false
    tried.add(name)
    const left = operations.filter((_, index) => (through & (1 << index)) === 0)
    const isThrough = left.every(({ told }) => told === undefined)
    if (isThrough && length === events.length) return events.at(-1)?.type === 'AuctionClosed'
    if (isClose(events, length) && from(through, length + 1)) return true
    return operations.some((operation, index) => {
      if ((through & (1 << index)) !== 0 || !mayComeNext(operation, left)) return false
      return turns(operation, events, length).some((next) => from(through | (1 << index), next))
    })
  }
  return from(0, 2)
}

/** Nobody who is left was answered before this one was sent. */
function mayComeNext({ sent }: Operation, left: readonly Operation[]): boolean {
  return left.every(({ told }) => told === undefined || told.atMs >= sent.atMs)
}

/** The lengths that the journal may have after this one's turn; none where the model would have said something else. */
function turns(
  { sent, told }: Operation,
  events: readonly JournalEvent[],
  length: number,
): number[] {
  if (told?.outcome === 'rejected') return isRefused(sent, told, events, length) ? [length] : []
  const event = events[length]
  const isWritten =
    event?.type === 'BidAccepted' &&
    event.bidId === sent.bidId &&
    event.bidder.id === sent.bidder &&
    minorOf(event.amount) === minorOf(sent.amount) &&
    whyNot(sent, events, length).length === 0
  if (told === undefined) return isWritten ? [length + 1] : []
  return isWritten && told.seq === length + 1 ? [length + 1] : []
}

function isRefused(
  sent: BidInvoke,
  { code, seq = 0 }: BidAnswer,
  events: readonly JournalEvent[],
  length: number,
): boolean {
  const isOfMoment = code === 'own-bid'
  if (isOfMoment ? seq !== length : seq > length) return false
  return whyNot(sent, events, seq).includes(code ?? '')
}

/** The sale in a few lines: every reason against a bid after so many events. */
function whyNot(sent: BidInvoke, events: readonly JournalEvent[], length: number): string[] {
  const [created] = events
  if (created?.type !== 'AuctionCreated') return ['closed']
  const before = events.slice(0, length)
  const isClosed = before.some(({ type }) => type === 'AuctionClosed')
  const top = before.findLast((event) => event.type === 'BidAccepted')
  const least =
    top === undefined
      ? minorOf(created.startPrice)
      : minorOf(top.amount) + minorOf(created.increment as string)
  return [
    ...(isClosed ? ['closed'] : []),
    ...(minorOf(sent.amount) < least ? ['bid-too-low'] : []),
    ...(!isClosed && top?.bidder.id === sent.bidder ? ['own-bid'] : []),
  ]
}

/** What the model would write if the time were over now. */
function isClose(events: readonly JournalEvent[], length: number): boolean {
  const event = events[length]
  if (event?.type !== 'AuctionClosed') return false
  const before = events.slice(0, length)
  if (before.some(({ type }) => type === 'AuctionClosed')) return false
  const top = before.findLast((one) => one.type === 'BidAccepted')
  const { outcome, winner, hammerPrice } = event.result
  return (
    outcome === (top === undefined ? 'passed' : 'sold') &&
    winner?.id === top?.bidder.id &&
    hammerPrice === top?.amount
  )
}
