import pc from 'picocolors'
import type { AuctionJson, IncrementJson, SoftCloseJson } from '../src/protocol/auction.ts'
import { showDuration } from './duration.ts'
import { visible } from './visible.ts'

/** One auction for people, a fact a line. */
export function showAuction(auction: AuctionJson): string {
  const { currency, standingBid, result } = auction
  const facts: [string, string][] = [
    ['id', auction.id],
    ['seller', auction.seller.name],
    ['phase', phaseOf(auction)],
    ['starts', auction.startsAt],
    ['ends', endOf(auction)],
    ['standing bid', standingBid === null ? 'none' : standing(standingBid, currency)],
    ['bids', String(auction.bidCount)],
    ['minimum', auction.minimumNextBid === null ? '' : `${auction.minimumNextBid} ${currency}`],
    ['increment', incrementText(auction.increment, currency)],
    ['soft close', softCloseText(auction.softClose)],
    ['extensions', auction.extensions === 0 ? '' : String(auction.extensions)],
    ['hammer price', result?.hammerPrice === undefined ? '' : `${result.hammerPrice} ${currency}`],
    ['winner', result?.winner?.name ?? ''],
    ['seq', String(auction.seq)],
  ]
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  ${pc.dim(name.padEnd(13))} ${visible(value)}`)
  return [pc.bold(visible(auction.title)), ...lines].join('\n')
}

export function phaseOf({ phase, result }: AuctionJson): string {
  return result === null ? phase : `${phase}, ${result.outcome}`
}

/** When it ends, and how long that is by the node's clock. */
function endOf({ phase, endsAt, serverTime }: AuctionJson): string {
  if (phase !== 'open') return endsAt
  return `${endsAt} (in ${leftOf(endsAt, serverTime)})`
}

export function leftOf(endsAt: string, serverTime: string): string {
  return showDuration(Date.parse(endsAt) - Date.parse(serverTime))
}

function standing(bid: NonNullable<AuctionJson['standingBid']>, currency: string): string {
  return `${bid.amount} ${currency} by ${bid.bidder.name}`
}

function incrementText(increment: IncrementJson, currency: string): string {
  if (typeof increment === 'string') return `${increment} ${currency}`
  return increment.map(({ from, step }) => `${step} from ${from}`).join(', ')
}

function softCloseText(softClose: SoftCloseJson | null): string {
  if (softClose === null) return 'none'
  const { windowMs, extensionMs, mode, maxExtensions } = softClose
  const what = mode === 'add' ? 'adds' : 'resets to'
  const max = maxExtensions === undefined ? '' : `, at most ${maxExtensions} times`
  return `a bid in the last ${showDuration(windowMs)} ${what} ${showDuration(extensionMs)}${max}`
}
