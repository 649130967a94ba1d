import { creditWindowMs } from '../../src/auction/outage-credit.ts'
import { quietMsMax } from '../../src/recipes/beacon.ts'
import { readClusterTime } from './outage-truth.ts'
import { readBatches } from './truth.ts'
import type { World } from './world.ts'

/** Nodes agree on the time, and are back when the store is, to about this. */
const slackMs = 500

/** How what it finds begins. */
export const tooLittle = 'too little for an outage'

/**
 * What a loss of the quorum took from an auction is given back before it closes: of several the one that took most. Counted from
 * when every node is sure to have noticed it. Where not all were awake and knew the time, only a long one: whoever leads can tell
 * that by its silence alone. Not where cluster time was set anew, or leapt: then we cannot tell.
 */
export function checkOwed(world: World): void {
  const { people, store, history, plan } = world
  const clusterTime = readClusterTime(world)
  if (clusterTime === undefined || clusterTime.leaptMs > slackMs) return
  const { trueMs } = clusterTime
  const noticeMs = plan.timing.sessionTimeoutMs / 3 + slackMs
  const provable = store.losses.filter(
    ({ isSeenByAll, fromMs, toMs }) => isSeenByAll || toMs - fromMs > quietMsMax + noticeMs,
  )
  for (const auctionId of people.auctionIds) {
    let startsAtMs = 0
    let endsAtMs = 0
    let settledMs = 0
    const owedMs = () => {
      const sinceMs = Math.max(startsAtMs, endsAtMs - creditWindowMs, settledMs)
      const tookMs = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
        Math.min(toMs, endsAtMs) - Math.max(fromMs + noticeMs, sinceMs)
      return Math.max(0, ...provable.map(tookMs))
    }
    for (const { batch } of readBatches(store.world, auctionId)) {
      for (const event of batch.events) {
        if (event.type === 'AuctionCreated') {
          startsAtMs = trueMs(event.conditions.startsAt)
          endsAtMs = trueMs(event.conditions.endsAt)
        }
        const isCredit = event.type === 'AuctionExtended' && event.reason === 'outage'
        if (isCredit || event.type === 'AuctionClosed') {
          const givenMs = isCredit ? event.endsAt - event.at : 0
          const shortMs = Math.round(owedMs() - givenMs)
          if (shortMs > slackMs) {
            const what = `${auctionId} at ${trueMs(event.at)} ms: ${givenMs} ms given back`
            history.defect(`${tooLittle}: ${what}, ${shortMs} ms short`)
          }
        }
        if (event.type !== 'AuctionExtended') continue
        endsAtMs = trueMs(event.endsAt)
        if (isCredit) settledMs = trueMs(event.at)
      }
    }
  }
}
