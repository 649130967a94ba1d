import { asError, type Clock } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { sessionIdOf } from '../recipes/contender.ts'
import type { Member } from '../recipes/membership.ts'
import { commitTimesFactor } from '../recipes/patience.ts'
import { placesOf } from '../recipes/queue.ts'
import type { Key, Store } from '../store/store.ts'
import type { WaitingBid } from './waiting-bid.ts'
import type { BidTimings } from './bid-timings.ts'
import type { ForwardedAnswer, NodeAddress, NodeLinks } from './forwarding.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/** Another node that holds an auction's lock, as far as we know. */
export interface Holder {
  readonly lockKey: Key
  readonly address: NodeAddress
}

/** The sending end of forwarding (forwarding.ts). */
export interface Forwarder {
  /**
   * Who is to be given our bids: undefined where nobody holds the lock, where nobody knows how to reach who does, and where he
   * did not answer lately. One read where it is not known. Never throws.
   */
  holderOf(auctionId: string): Promise<Holder | undefined>
  /** Answers what the holder decided. Resolves with the others: they are still to be decided. Never throws. */
  forward(auctionId: string, holder: Holder, bids: readonly WaitingBid[]): Promise<WaitingBid[]>
}

export interface ForwarderDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  nodeId: string
  links: NodeLinks
  members: () => readonly Member[]
  timings: BidTimings
  /** How long our own commits took lately, in ms. */
  commitMs: () => number
}

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { store, nodeId, links, metrics } = deps
  const holders = createGrowingCache<Holder & { isDoubted: boolean }>(engineLimits.holdersKnownMax)

  const addressOf = (lockKey: Key): NodeAddress | undefined => {
    const sessionId = sessionIdOf(lockKey)
    const member = deps.members().find((one) => one.sessionId === sessionId)
    const url = member?.info['linkUrl'] ?? member?.info['url']
    if (member === undefined || member.nodeId === nodeId || typeof url !== 'string')
      return undefined
    return { nodeId: member.nodeId, sessionId, url }
  }
  const look = async (auctionId: string): Promise<Holder | undefined> => {
    const [first] = await placesOf(store, keys.locks(auctionId))
    const known = holders.get(auctionId)
    if (known?.isDoubted === true && known.lockKey === first?.key) return undefined
    holders.delete(auctionId)
    const address = first === undefined ? undefined : addressOf(first.key)
    if (first === undefined || address === undefined) return undefined
    const holder = { lockKey: first.key, address, isDoubted: false }
    holders.set(auctionId, holder)
    return holder
  }

  return {
    async holderOf(auctionId) {
      const known = holders.get(auctionId)
      if (known?.isDoubted === false) return known
      try {
        return await look(auctionId)
      } catch (error) {
        deps.log.debug({ auctionId, error: asError(error).message }, 'the holder is not known')
        return undefined
      }
    },
    async forward(auctionId, { lockKey, address }, bids) {
      const withinMs = Math.min(
        engineLimits.forwardMsMax,
        Math.max(engineLimits.forwardMs, commitTimesFactor * deps.commitMs()),
      )
      const sent = { auctionId, lockKey, bids: bids.map(({ command }) => command) }
      const forwarded = await links.forward(address, sent, withinMs)
      const tell = (outcome: string, count: number) =>
        metrics.count('forwarded_bids_total', { outcome }, count)
      const known = holders.get(auctionId)
      const isStill = known?.lockKey === lockKey
      switch (forwarded.kind) {
        case 'not-sent':
          tell('not-sent', bids.length)
          for (const bid of bids) bid.returns = engineLimits.forwardReturnsMax
          return [...bids]
        case 'unknown':
          tell('unknown', bids.length)
          if (isStill) known.isDoubted = true
          for (const bid of bids) Object.assign(bid, { isAfloat: true, returns: bid.returns + 1 })
          return [...bids]
        case 'answered': {
          const left = bids.filter(
            (bid, at) => !settle(deps, auctionId, bid, forwarded.answers[at]),
          )
          tell('decided', bids.length - left.length)
          tell('back', left.length)
          if (isStill && left.length > 0) holders.delete(auctionId)
          return left
        }
      }
    },
  }
}

/** Tells a bidder what the holder decided. False where it decided nothing. */
function settle(
  { clock, timings }: ForwarderDeps,
  auctionId: string,
  bid: WaitingBid,
  answer: ForwardedAnswer | null | undefined,
): boolean {
  if (answer === null || answer === undefined) {
    bid.returns++
    return false
  }
  const { outcome, timing } = answer
  if (timing !== undefined) {
    const { bidder, bidId } = bid.command
    const { lockMs, commitMs } = timing
    const waitedMs = Math.max(0, clock.monotonicMs() - bid.sinceMs - lockMs - commitMs)
    timings.note({ auctionId, bidderId: bidder.id, bidId }, { ...timing, waitedMs })
  }
  bid.answer(outcome)
  return true
}
