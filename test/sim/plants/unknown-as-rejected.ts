import type { Client } from '../../../src/client/client.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

const patienceMs = 60

// A client that hears nothing in time says that the bid failed. It may well stand.
export const unknownAsRejected: Plant = {
  name: 'unknown-as-rejected',
  bug: 'a client calls an unknown outcome a rejection',
  rules: ['refused-absent'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_000, 6_000].map((atMs) =>
      fault(atMs, { kind: 'slow', target: 'holder', forMs: 800, slowness: 60 }),
    ),
  })),
  spoil: () => ({ wrapClient: (client, context) => ({ ...client, bid: rash(client, context) }) }),
}

function rash(client: Client, { clock }: { clock: Clock }) {
  const bid: Client['bid'] = async (request) => {
    const giveUp = new AbortController()
    const timer = clock.setTimer(patienceMs, () => giveUp.abort())
    const told = await client.bid({ ...request, signal: giveUp.signal })
    timer.cancel()
    if (told.outcome !== 'unknown') return told
    const { bidId, copyCount } = told
    return { outcome: 'rejected', bidId, code: 'not-sent', final: true, copyCount }
  }
  return bid
}
