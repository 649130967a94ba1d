import type { Down, Outcome } from '../../../src/protocol/down.ts'
import { type FrameSocket, openFrameSocket } from './frame-socket.ts'

/** Somebody who is signed in at a node, and bids. */
export interface Seat {
  /** Of the node. */
  readonly url: string
  readonly token: string
}

export interface BidderSocket {
  /** Undefined when the socket was lost, and with it the answer. */
  bid(bid: { auctionId: string; bidId: string; amount: string }): Promise<Outcome | undefined>
  close(): void
}

export async function openBidderSocket({ url, token }: Seat): Promise<BidderSocket> {
  const waiting = new Map<string, (outcome: Outcome | undefined) => void>()
  let welcomed: ((isKnown: boolean) => void) | undefined
  const socket: FrameSocket = await openFrameSocket({
    url: `${url.replace(/^http/, 'ws')}/ws`,
    onText(payload) {
      const frame = JSON.parse(payload.toString()) as Down
      if (frame.type === 'outcome') {
        waiting.get(frame.bidId)?.(frame)
        waiting.delete(frame.bidId)
      } else if (frame.type === 'welcome' && frame.user !== undefined) welcomed?.(true)
    },
    onClose() {
      for (const settle of waiting.values()) settle(undefined)
      waiting.clear()
      welcomed?.(false)
    },
  })
  const isKnown = await new Promise<boolean>((resolve) => {
    welcomed = resolve
    socket.send(JSON.stringify({ type: 'hello', token }))
  })
  if (!isKnown) throw new Error(`${url} did not let a bidder in`)
  return {
    bid(bid) {
      if (!socket.isOpen) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        waiting.set(bid.bidId, resolve)
        socket.send(JSON.stringify({ type: 'bid', ...bid }))
      })
    },
    close: () => socket.close(),
  }
}
