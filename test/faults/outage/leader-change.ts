import { pause, timeUntil } from '../wait.ts'
import { creditsOf } from './credits.ts'
import { openLots } from './lots-for-sale.ts'
import { type Scene, saleOf } from './scene.ts'
import type { Stage } from './stage.ts'

const lotCount = 3
const endsInMs = 4_000
/** How long before the first end the leader is killed: too short for another to be there in time. */
const beforeEndMs = 1_000
const slackMs = 3_000

/** Kill -9 of the leader right before the end of three auctions, on a healthy store: late closes, but nothing is given back. */
export async function changeLeader(stage: Stage): Promise<Scene> {
  const { cluster, recorder, accounts, eyes, options, say } = stage
  const leader = await stage.leader()
  const urls = cluster.nodes.map(({ url }) => url)
  const startMs = recorder.now()
  const plans = Array.from({ length: lotCount }, (_, index) => ({
    title: `Ends without a leader ${index + 1}`,
    endsInMs: endsInMs + index * 500,
  }))
  const lots = await openLots(urls, plans)
  const sale = saleOf(lots)
  const watchers = stage.watch(sale)
  await pause(startMs + endsInMs - beforeEndMs - recorder.now())
  const { seq: hotSeq } = await eyes.head(sale.hot.id)
  const atMs = recorder.now()
  await leader.kill()
  const fault = { t: 'fault', target: leader.nodeId, hotSeq } as const
  recorder.add({ ...fault, atMs, kind: 'kill', role: 'leader' })
  say(`leader ${leader.nodeId} killed before the end of ${lotCount} auctions`)
  const [other] = cluster.upNodes()
  const isClosed = async () => {
    const shown = await Promise.all(lots.map(({ id }) => phaseOf(other?.url ?? '', id)))
    return shown.every((phase) => phase === 'closed')
  }
  const withinMs = options.sessionTimeoutMs * 1.5 + slackMs + endsInMs
  const closedAfterMs = await timeUntil(isClosed, { withinMs })
  await leader.start()
  recorder.add({ ...fault, atMs: recorder.now(), kind: 'restart', role: 'node' })
  const given = await creditsOf(accounts, lots)
  return {
    name: 'a mere change of leader',
    figures: {
      'closed after the kill, ms': Math.round(closedAfterMs ?? NaN),
      'credits given': given.length,
    },
    complaints: [
      ...(closedAfterMs === undefined ? [`not closed within ${withinMs} ms`] : []),
      ...given.map(({ auctionId, outageId }) => `${auctionId} got time back for ${outageId}`),
    ],
    lots,
    watchers,
  }
}

async function phaseOf(url: string, id: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auctions/${id}?fresh=true`, {
    signal: AbortSignal.timeout(2_000),
  })
  const { phase } = (await response.json()) as { phase: string }
  return phase
}
