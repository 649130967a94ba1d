import type { Client } from '../../../src/client/client.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { Entropy } from '../../../src/lib/entropy.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

const patienceMs = 60

// A client that hears nothing sends the bid again as a new one: under a new bidId, so that nobody can tell the copies apart.
export const newBidId: Plant = {
  name: 'new-bid-id',
  bug: 'a client sends again under a new bidId',
  rules: ['bid-sent', 'acknowledged-stays', 'refused-absent'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_000, 6_000].map((atMs) =>
      fault(atMs, { kind: 'slow', target: 'holder', forMs: 800, slowness: 60 }),
    ),
  })),
  spoil: () => ({ wrapClient: (client, context) => ({ ...client, bid: hasty(client, context) }) }),
}

function hasty(client: Client, { clock, entropy }: { clock: Clock; entropy: Entropy }) {
  const bid: Client['bid'] = async (request) => {
    const giveUp = new AbortController()
    const timer = clock.setTimer(patienceMs, () => giveUp.abort())
    const first = await client.bid({ ...request, signal: giveUp.signal })
    timer.cancel()
    if (first.outcome !== 'unknown') return first
    const second = await client.bid({ ...request, bidId: entropy.token(12) })
    return { ...second, bidId: first.bidId }
  }
  return bid
}
