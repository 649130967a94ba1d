import { signal, type ReadonlySignal } from '@preact/signals'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { EventJson } from '../../../src/protocol/event.ts'
import { say } from '../words/say.ts'
import { money } from './amount.ts'
import type { Standing } from './standing.ts'
import { spanInWords } from './time-left.ts'

/**
 * What a screen reader is told of a room. Politely: the time left at a few marks, each extension, and the price at most
 * every five seconds; at once: who was outbid, who leads by their own bid, and the end. Nothing of the first kind is left
 * out but prices that are old by then; of the second nothing at all, however much happens between two looks.
 */
export interface Announcer {
  readonly polite: ReadonlySignal<string>
  /** The newest few and all of the last look; each is added once and stays as it is, so that none is overwritten unheard. */
  readonly assertive: ReadonlySignal<readonly Call[]>
  /** To be called when anything changed, and as time goes by. The first look tells nothing. */
  look(moment: Moment): void
}

export interface Call {
  readonly number: number
  readonly words: string
}

export interface Moment {
  readonly auction: AuctionJson
  /** The history as far as it is known, in order. */
  readonly events: readonly EventJson[]
  readonly personId: string | undefined
  readonly standing: Standing['kind']
  readonly nowMs: number
}

/** A change of standing that concerns the visitor. */
export type Turn = 'leading' | 'outbid' | 'won' | 'ended'

const callsMax = 6
const marksMs = [10_000, 30_000, 60_000, 300_000, 600_000]
const priceEveryMs = 5_000
/** Between two polite ones, so that a reader does not lose the first. */
const politeEveryMs = 1_500

export function createAnnouncer(onTurn: (turn: Turn, words: string) => void): Announcer {
  const polite = signal('')
  const assertive = signal<readonly Call[]>([])
  const waiting: string[] = []
  let before: Moment | undefined
  let saidMs = Number.NEGATIVE_INFINITY
  let priceSaidMs = Number.NEGATIVE_INFINITY
  let isPriceNew = false
  let toldSeq = 0
  let callCount = 0

  const call = (turn: Turn, words: string) => {
    assertive.value = [...assertive.value, { number: ++callCount, words }]
    isPriceNew = false
    onTurn(turn, words)
  }
  /** By the bids one after the other: where one of our own is outbid at once, how things stand shows neither. */
  const callTurns = (before: Moment, moment: Moment) => {
    const turns = turnsOf(moment, toldSeq, before.auction.standingBid?.bidder.id)
    for (const { turn, bid } of turns) call(turn, bidInWords(turn, bid, moment.auction.currency))
    const turn = turnOf(moment.standing)
    if (turn === undefined || moment.standing === before.standing) return
    // After a jump of the feed the bids themselves are not known yet.
    if (turns.at(-1)?.turn !== turn) call(turn, turnInWords(turn, moment.auction))
  }
  return {
    polite,
    assertive,
    look(moment) {
      // Those of the last look are on the page by now.
      if (assertive.value.length > callsMax) assertive.value = assertive.value.slice(-callsMax)
      if (before !== undefined) {
        if (priceOf(moment) !== priceOf(before)) isPriceNew = true
        callTurns(before, moment)
        waiting.push(
          ...extensionWords(before.auction, moment.auction),
          ...markWords(before, moment),
        )
      }
      before = moment
      toldSeq = Math.max(toldSeq, moment.auction.seq)
      const { nowMs } = moment
      if (nowMs - saidMs < politeEveryMs) return
      if (waiting.length === 0 && isPriceNew && nowMs - priceSaidMs >= priceEveryMs) {
        isPriceNew = false
        priceSaidMs = nowMs
        waiting.push(say('announcePrice', { amount: shownPrice(moment.auction) }))
      }
      const next = waiting.shift()
      if (next === undefined) return
      saidMs = nowMs
      polite.value = next
    },
  }
}

function turnOf(standing: Standing['kind']): Turn | undefined {
  return standing === 'leading' ||
    standing === 'outbid' ||
    standing === 'won' ||
    standing === 'ended'
    ? standing
    : undefined
}

interface TurnByBid {
  readonly turn: 'leading' | 'outbid'
  readonly bid: Bid
}
type Bid = Extract<EventJson, { type: 'BidAccepted' }>

/** What the bids after `toldSeq` did to this person's standing, each by itself. */
function turnsOf(
  { events, personId }: Moment,
  toldSeq: number,
  leaderIdBefore: string | undefined,
): TurnByBid[] {
  const turns: TurnByBid[] = []
  let leaderId = leaderIdBefore
  if (personId === undefined) return turns
  for (const event of events) {
    if (event.seq <= toldSeq || event.type !== 'BidAccepted') continue
    if (event.bidder.id === personId) turns.push({ turn: 'leading', bid: event })
    else if (leaderId === personId) turns.push({ turn: 'outbid', bid: event })
    leaderId = event.bidder.id
  }
  return turns
}

function bidInWords(turn: TurnByBid['turn'], { bidder, amount }: Bid, currency: string): string {
  const shown = money(amount, currency)
  return turn === 'leading'
    ? say('announceLeading', { amount: shown })
    : say('announceOutbid', { bidder: bidder.name, amount: shown })
}

function turnInWords(turn: Turn, auction: AuctionJson): string {
  const amount = shownPrice(auction)
  const bidder = auction.standingBid?.bidder.name ?? ''
  switch (turn) {
    case 'leading':
      return say('announceLeading', { amount })
    case 'outbid':
      return say('announceOutbid', { bidder, amount })
    case 'won':
      return say('announceWon', { amount })
    case 'ended':
      return auction.result?.outcome === 'sold'
        ? say('announceSold', { bidder, amount })
        : say('announceEnded')
  }
}

function extensionWords(before: AuctionJson, now: AuctionJson): string[] {
  const movedMs = Date.parse(now.endsAt) - Date.parse(before.endsAt)
  return movedMs > 0 ? [say('announceExtended', { span: spanInWords(movedMs) })] : []
}

/** The mark that was passed since the last look: the nearest to the end, where several were. */
function markWords(before: Moment, now: Moment): string[] {
  if (now.auction.phase !== 'open') return []
  const left = ({ auction, nowMs }: Moment) => Date.parse(auction.endsAt) - nowMs
  const passed = marksMs.find((mark) => left(now) <= mark && left(before) > mark)
  return passed === undefined || left(now) <= 0
    ? []
    : [say('announceTimeLeft', { span: spanInWords(passed) })]
}

function priceOf({ auction }: Moment): string | undefined {
  return auction.standingBid?.amount
}

function shownPrice(auction: AuctionJson): string {
  return money(auction.standingBid?.amount ?? auction.startPrice, auction.currency)
}
