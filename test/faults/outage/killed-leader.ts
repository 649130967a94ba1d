import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { must } from '../../../src/lib/assert.ts'
import { sleep } from '../../../src/lib/clock.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { timeUntil } from '../wait.ts'
import type { Stage } from './stage.ts'

const creditWithinMs = 40_000
const leaderWithinMs = 10_000

/** Kill -9 of the leader once a feed tells of the first extension of these; then it starts again. */
export async function killLeaderAtFirstCredit(
  stage: Stage,
  lots: readonly AuctionJson[],
): Promise<void> {
  const { recorder, cluster, eyes, say } = stage
  const ids = new Set(lots.map(({ id }) => id))
  let seen = recorder.lines.length
  const isFirstSeen = () =>
    recorder.lines
      .slice(seen)
      .some(
        (line) =>
          line.t === 'feed' &&
          ids.has(line.auctionId) &&
          line.events.some(({ type }) => type === 'AuctionExtended'),
      )
  let leaderId: string | undefined
  const over = new AbortController()
  // Asked all the time, so that none is to be lost when the credit is seen. Who asks may come back to the store after the leader.
  const asking = (async () => {
    while (!over.signal.aborted) {
      leaderId = (await eyes.leader().catch(() => undefined))?.nodeId ?? leaderId
      await sleep(systemClock, 20)
    }
  })()
  await timeUntil(
    async () => {
      const isSeen = isFirstSeen()
      seen = recorder.lines.length
      return isSeen
    },
    { withinMs: creditWithinMs, everyMs: 2 },
  )
  await timeUntil(() => Promise.resolve(leaderId !== undefined), {
    withinMs: leaderWithinMs,
    everyMs: 2,
  })
  over.abort()
  await asking
  const atMs = recorder.now()
  const leader = cluster.node(must(leaderId, 'leader'))
  await leader.kill()
  const { nodeId } = leader
  const fault = { t: 'fault', target: nodeId, hotSeq: 0 } as const
  recorder.add({ ...fault, atMs, kind: 'kill', role: 'leader' })
  say(`leader ${nodeId} killed at the first credit`)
  await leader.start()
  recorder.add({ ...fault, atMs: recorder.now(), kind: 'restart', role: 'node' })
}
