import { must } from '../../../src/lib/assert.ts'
import { anyNode } from '../aim.ts'
import { gatherCrowd } from '../crowd.ts'
import { killNode, noteRecovery, restart, untilBiddingGoesOn } from '../harm.ts'
import { timeUntil } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const crowdSize = 1_000
const gatherWithinMs = 20_000
/** Long enough that the storm is over before; the crowd stays for the close, and its feeds are judged to their end. */
const endsInMs = 25_000
const probeWithinMs = 15_000

let crowdCount = 0

/** Kill -9 of a node that a thousand clients watch an auction on: all of them come to the others at once. */
export const reconnectStormNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['nodeKills'],
  async strike(run) {
    const { sale, recorder, cluster } = run
    const node = anyNode(run)
    const others = cluster.nodes.filter((other) => other !== node)
    const name = `crowd ${++crowdCount} of ${node.nodeId}`
    try {
      const [auction] = await sale.add(1, { fromMs: endsInMs, toMs: endsInMs })
      const { id: auctionId } = must(auction, 'auction')
      const urls = [node, ...others].map(({ url }) => url)
      const withinMs = gatherWithinMs
      const crowd = await gatherCrowd({
        name,
        size: crowdSize,
        urls,
        auctionId,
        recorder,
        withinMs,
      })
      run.say(`${name}: ${crowd.size} clients watch`)
      const atMs = recorder.now()
      await killNode(run, node, 'node')
      // A bid that the dead node cannot have told them of.
      const isBidTaken = async () => {
        const up = must(
          others.find(({ isUp }) => isUp),
          'another node',
        )
        return run.prober.isBidAccepted(up.url, auctionId)
      }
      await timeUntil(isBidTaken, { withinMs: probeWithinMs })
      const { seq } = await run.eyes.head(auctionId)
      const isBack = async () => crowd.toldCount(seq) === crowd.size
      await noteRecovery(run, name, 'crowd is back', atMs, isBack, 20)
      await untilBiddingGoesOn(run)
    } finally {
      await restart(run, node)
    }
  },
}
