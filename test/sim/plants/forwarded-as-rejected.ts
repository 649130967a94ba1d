import type { BidRefusal } from '../../../src/engine/engine.ts'
import type { ForwardedBid, NodeLinks } from '../../../src/engine/forwarding.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// A node whose question to the holder was not answered tells the bidder that he bid too low. The bid may well stand.
export const forwardedAsRejected: Plant = {
  name: 'forwarded-as-rejected',
  bug: 'a forwarded bid that nobody answered is told as a refusal',
  rules: ['refused-absent'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_000, 6_000].map((atMs) =>
      fault(atMs, { kind: 'slow', target: 'holder', forMs: 800, slowness: 60 }),
    ),
  })),
  spoil: () => ({
    engine: ({ links }) => (links === undefined ? {} : { links: rash(links) }),
  }),
}

function rash(links: NodeLinks): NodeLinks {
  return {
    async forward(to, forwarded, withinMs) {
      const answer = await links.forward(to, forwarded, withinMs)
      if (answer.kind !== 'unknown') return answer
      return { kind: 'answered', answers: forwarded.bids.map((bid) => ({ outcome: refusal(bid) })) }
    },
  }
}

function refusal({ bidId }: ForwardedBid): BidRefusal {
  return { outcome: 'rejected', bidId, code: 'bid-too-low', final: true }
}
