import type { FeedUpdate } from '../../src/client/client.ts'
import { createNodeClient } from '../../src/client/node.ts'
import type { Sale } from './auctions.ts'
import type { FeedEvent } from '../checker/history.ts'
import type { NodeProcess } from './node-process.ts'
import type { Recorder } from './recorder.ts'

/** One who only looks, for each node: all that the client tells of the hot auction and as many quiet ones as it may watch. */
export interface Watchers {
  /** The lowest position among all watchers of an auction. */
  lowestSeq(auctionId: string): number
  leave(): void
}

const quietWatchedMax = 100

export function startWatchers(
  nodes: readonly NodeProcess[],
  sale: Sale,
  recorder: Recorder,
): Watchers {
  const watchedIds = [sale.hot.id, ...sale.quiet.slice(-quietWatchedMax).map(({ id }) => id)]
  const all = nodes.map(({ url, nodeId }) => {
    const watcher = `watcher-${nodeId}`
    const client = createNodeClient({ urls: [url, ...nodes.map((node) => node.url)] })
    const watch = (id: string) =>
      client.watch(id, (update) => recorder.add(feedLine(update, watcher, recorder.now())))
    const watches = new Map(watchedIds.map((id) => [id, watch(id)]))
    let left = quietWatchedMax - watches.size
    sale.onAdded?.((added) => {
      for (const { id } of added) if (left-- > 0) watches.set(id, watch(id))
    })
    return { client, watches }
  })
  return {
    lowestSeq: (id) => Math.min(...all.map(({ watches }) => watches.get(id)?.position?.seq ?? 0)),
    leave: () => all.forEach(({ client }) => client.close()),
  }
}

/** What a watcher was told, as a line of the history. */
export function feedLine(update: FeedUpdate, watcher: string, atMs: number) {
  const { auctionId, kind, prevSeq, seq, jump } = update
  const events = update.events.map((event): FeedEvent =>
    event.type === 'BidAccepted'
      ? { seq: event.seq, type: event.type, bidId: event.bidId }
      : { seq: event.seq, type: event.type },
  )
  const wallMs = Date.now()
  const line = { t: 'feed', atMs, wallMs, watcher, auctionId, kind, prevSeq, seq, events } as const
  return jump === undefined ? line : { ...line, jump: jump.reason }
}
