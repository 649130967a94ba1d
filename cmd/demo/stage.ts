import type { AuctionJson } from '../../src/protocol/auction.ts'

/** Which auction the demo's page shows: one until it is over and its end was seen, then the one that ends next. */
export interface Stage {
  /** @param open the auctions that are open now. @returns the one to show */
  look(open: readonly AuctionJson[], nowMs: number): AuctionJson | undefined
}

/** So long the result of an auction that is over stays. */
const lingerMs = 3_500
/** An auction that ends sooner is not worth coming to, while there is another. */
const worthwhileMs = 20_000

export function createStage(): Stage {
  let shown: AuctionJson | undefined
  let overSinceMs: number | undefined
  return {
    look(open, nowMs) {
      const now = open.find(({ id }) => id === shown?.id)
      if (now !== undefined) return (shown = now)
      overSinceMs ??= nowMs
      if (shown !== undefined && nowMs - overSinceMs < lingerMs) return shown
      const next = nextOf(open, nowMs)
      if (next === undefined) return shown
      overSinceMs = undefined
      return (shown = next)
    },
  }
}

function nextOf(open: readonly AuctionJson[], nowMs: number): AuctionJson | undefined {
  const endOf = ({ endsAt }: AuctionJson) => Date.parse(endsAt)
  const byEnd = [...open].sort((a, b) => endOf(a) - endOf(b))
  return byEnd.find((auction) => endOf(auction) - nowMs > worthwhileMs) ?? byEnd.at(-1)
}
