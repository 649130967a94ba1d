import type { EventJson } from '../../src/protocol/event.ts'

type Created = Extract<EventJson, { type: 'AuctionCreated' }>
type Extended = Extract<EventJson, { type: 'AuctionExtended' }>

/** The end of an auction, computed from its conditions and bids alone: written without a look at the engine's rules. */
export interface End {
  readonly endsAt: number
  /** Soft-close moves so far. */
  readonly extensions: number
  /** The end that the newest bid must move to in the very next event; undefined when it must not move. */
  readonly owed: number | undefined
  bid(at: number): void
  extended(event: Extended): void
}

export function createEnd({ endsAt: firstEnd, softClose }: Created): End {
  let endsAt = Date.parse(firstEnd)
  let extensions = 0
  let creditedMs = 0
  let owed: number | undefined
  const hardEnd = () =>
    (softClose?.hardEndsAt === undefined ? Infinity : Date.parse(softClose.hardEndsAt)) + creditedMs
  return {
    get endsAt() {
      return endsAt
    },
    get extensions() {
      return extensions
    },
    get owed() {
      return owed
    },
    bid(at) {
      owed = undefined
      if (softClose === null || endsAt - at >= softClose.windowMs) return
      if (extensions >= (softClose.maxExtensions ?? Infinity)) return
      const from = softClose.mode === 'add' ? endsAt : at
      const moved = Math.min(from + softClose.extensionMs, hardEnd())
      if (moved > endsAt) owed = moved
    },
    extended(event) {
      owed = undefined
      const moved = Date.parse(event.endsAt)
      if (event.reason === 'soft-close') extensions++
      else creditedMs += Math.max(0, moved - endsAt)
      endsAt = Math.max(endsAt, moved)
    },
  }
}
