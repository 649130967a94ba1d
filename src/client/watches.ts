import type { Log } from '../lib/log.ts'
import type { Down } from '../protocol/down.ts'
import type { Subscribe, Up } from '../protocol/up.ts'
import type { FeedUpdate, Move, Watch, WatchOptions } from './client.ts'
import { createFeedFanout, type FeedFanout } from './feed-fanout.ts'

/** The auctions that are watched: one subscription each on the wire, however many look on. */
export interface Watches {
  add(auctionId: string, onUpdate: (update: FeedUpdate) => void, options: WatchOptions): Watch
  /** Every watched auction from where it is. To be sent on each new socket. */
  resubscribe(): void
  /** Subscribes again to what was asked long ago and never came. */
  nudge(): void
  heard(frame: Down): void
  /** Auctions that no node has confirmed since the newest socket. */
  unconfirmed(): readonly string[]
  /** It does not exist: its watches are over. */
  endAll(auctionId: string): void
  positions(): Move['resumed']
}

/** Gaps without progress between, after which a snapshot is asked for; beyond, in the pace of `nudge`. */
const gapsMax = 3

export function createWatches(deps: {
  send: (frame: Up) => boolean
  auctionsMax: number
  log: Log
  /** The first watch came, or the last went. */
  onCount: (count: number) => void
}): Watches {
  const fanouts = new Map<string, FeedFanout>()

  function subscribe(auctionId: string, fanout: FeedFanout): void {
    const { position } = fanout
    const after = position !== undefined && fanout.gapCount < gapsMax ? { after: position } : {}
    const frame: Subscribe = { type: 'subscribe', auctionId, ...after }
    fanout.asked(deps.send(frame))
  }
  function remove(auctionId: string): void {
    fanouts.delete(auctionId)
    deps.send({ type: 'unsubscribe', auctionId })
    deps.onCount(fanouts.size)
  }
  function gap(auctionId: string, fanout: FeedFanout): void {
    deps.log.info({ auctionId, position: fanout.position }, 'gap in a feed, subscribing again')
    if (fanout.gapCount <= gapsMax) again(auctionId, fanout)
    else fanout.asked(true)
  }
  function again(auctionId: string, fanout: FeedFanout): void {
    deps.send({ type: 'unsubscribe', auctionId })
    subscribe(auctionId, fanout)
  }

  return {
    add(auctionId, onUpdate, options) {
      let fanout = fanouts.get(auctionId)
      if (fanout === undefined) {
        if (fanouts.size >= deps.auctionsMax)
          throw new RangeError(`a client watches at most ${deps.auctionsMax} auctions`)
        fanout = createFeedFanout(options.after, deps.log)
        fanouts.set(auctionId, fanout)
        deps.onCount(fanouts.size)
        subscribe(auctionId, fanout)
      }
      const joined = fanout
      return joined.add(onUpdate, options, () => {
        if (joined.size === 0 && fanouts.get(auctionId) === joined) remove(auctionId)
      })
    },
    resubscribe() {
      for (const [auctionId, fanout] of fanouts) subscribe(auctionId, fanout)
    },
    nudge() {
      for (const [auctionId, fanout] of fanouts) if (fanout.isOverdue()) again(auctionId, fanout)
    },
    heard(frame) {
      if (!('auctionId' in frame) || frame.auctionId === undefined) return
      const fanout = fanouts.get(frame.auctionId)
      if (frame.type === 'error' && frame.code === 'no-such-auction') this.endAll(frame.auctionId)
      else if (fanout?.heard(frame) === 'gap') gap(frame.auctionId, fanout)
    },
    unconfirmed: () =>
      [...fanouts].flatMap(([auctionId, fanout]) => (fanout.isConfirmed ? [] : [auctionId])),
    endAll(auctionId) {
      const fanout = fanouts.get(auctionId)
      if (fanout === undefined) return
      remove(auctionId)
      fanout.end('no-such-auction')
    },
    positions: () => positionsOf(fanouts),
  }
}

function positionsOf(fanouts: ReadonlyMap<string, FeedFanout>): Move['resumed'] {
  return [...fanouts].flatMap(([auctionId, { position }]) =>
    position === undefined ? [] : [{ auctionId, position }],
  )
}
