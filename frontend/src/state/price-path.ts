import { parseAmount } from '../../../src/auction/money.ts'
import type { EventJson } from '../../../src/protocol/event.ts'

/** The price over time as a drawing of 100 by 100, the origin at the top left. */
export interface PricePath {
  /** Steps: a price holds until the next bid. */
  readonly line: string
  /** From where to where an extension moved the end. */
  readonly bands: readonly { readonly x: number; readonly width: number }[]
  /** A dot for each bid of others, and of this person's own. */
  readonly dots: string
  readonly ownDots: string
}

export interface PriceSpan {
  readonly currency: string
  readonly startPrice: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly nowMs: number
  readonly personId: string | undefined
}

/** More would be drawn on top of each other. */
const dotsMax = 150

/** Undefined before the second bid: there is nothing to see yet. */
export function pricePathOf(events: readonly EventJson[], span: PriceSpan): PricePath | undefined {
  const bids = events.filter((event) => event.type === 'BidAccepted')
  const [first, last] = [bids[0], bids.at(-1)]
  if (first === undefined || last === undefined || bids.length < 2) return undefined
  const minor = (amount: string) => parseAmount(amount, span.currency) ?? 0
  const [low, high] = [Math.min(minor(span.startPrice), minor(first.amount)), minor(last.amount)]
  const fromMs = Math.min(Date.parse(events[0]?.at ?? first.at), span.startsAtMs)
  const untilMs = Math.max(Math.min(span.nowMs, span.endsAtMs), Date.parse(last.at))
  // A little is left free above the last price and beside the last bid.
  const x = (ms: number) => round(((ms - fromMs) / Math.max(1, untilMs - fromMs)) * 97)
  const y = (amount: string) => round(94 - ((minor(amount) - low) / Math.max(1, high - low)) * 86)
  const steps = bids.map((bid) => `H${x(Date.parse(bid.at))}V${y(bid.amount)}`)
  const isOwn = ({ bidder }: (typeof bids)[number]) => bidder.id === span.personId
  const dots = (some: typeof bids) =>
    some.map((bid) => `M${x(Date.parse(bid.at))} ${y(bid.amount)}h0`).join('')
  const drawn = bids.slice(-dotsMax)
  return {
    line: `M0 ${y(span.startPrice)}${steps.join('')}H100`,
    bands: events.flatMap((event) => {
      if (event.type !== 'AuctionExtended') return []
      const left = Math.min(x(Date.parse(event.from)), 100)
      const width = Math.min(x(Date.parse(event.endsAt)), 100) - left
      return width > 0 ? [{ x: left, width: round(width) }] : []
    }),
    dots: dots(drawn.filter((bid) => !isOwn(bid))),
    ownDots: dots(drawn.filter(isOwn)),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
