import type { Clock } from '../lib/clock.ts'
import type { Outcome } from '../protocol/down.ts'
import type { Bid } from '../protocol/up.ts'
import type { CopyFate } from './bid-settlement.ts'
import { fateOfRefusal } from './fate.ts'

/** Copies of bids that left by the socket and wait for their outcome frame. */
export interface SocketBids {
  /** Undefined when no socket took it: then nothing was sent. Otherwise settles within `replyMs`. */
  send(
    bid: Omit<Bid, 'type'>,
    options: { replyMs: number; signal: AbortSignal },
  ): Promise<CopyFate> | undefined
  heard(outcome: Outcome): void
  /** The socket is gone: nobody will tell any more. */
  lostAll(): void
}

interface Waiting {
  settle(fate: CopyFate): void
}

export function createSocketBids(deps: {
  send: (frame: Bid) => boolean
  clock: Clock
}): SocketBids {
  const waiting = new Map<string, Waiting[]>()

  function wait(key: string, options: { replyMs: number; signal: AbortSignal }): Promise<CopyFate> {
    return new Promise((resolve) => {
      const lost = () => entry.settle({ kind: 'lost' })
      const timer = deps.clock.setTimer(options.replyMs, lost)
      const entry: Waiting = {
        settle(fate) {
          timer.cancel()
          options.signal.removeEventListener('abort', lost)
          const others = (waiting.get(key) ?? []).filter((other) => other !== entry)
          if (others.length > 0) waiting.set(key, others)
          else waiting.delete(key)
          resolve(fate)
        },
      }
      options.signal.addEventListener('abort', lost, { once: true })
      waiting.set(key, [...(waiting.get(key) ?? []), entry])
    })
  }

  return {
    send(bid, options) {
      if (!deps.send({ type: 'bid', ...bid })) return undefined
      return wait(keyOf(bid), options)
    },
    heard(outcome) {
      waiting.get(keyOf(outcome))?.[0]?.settle(fateOfFrame(outcome))
    },
    lostAll() {
      for (const entry of [...waiting.values()].flat()) entry.settle({ kind: 'lost' })
    },
  }
}

function keyOf({ auctionId, bidId }: { auctionId: string; bidId: string }): string {
  return `${auctionId} ${bidId}`
}

function fateOfFrame({ type: _type, auctionId: _auctionId, ...outcome }: Outcome): CopyFate {
  switch (outcome.outcome) {
    case 'accepted':
      return { kind: 'accepted', acceptance: outcome }
    case 'rejected':
      return fateOfRefusal(outcome)
    default:
      return { kind: 'lost' }
  }
}
