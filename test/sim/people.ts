import type { Client } from '../../src/client/client.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import type { History } from './history-keeper.ts'
import type { Network } from './network.ts'
import { createPerson, type Person } from './person.ts'
import type { Plan } from './plan.ts'
import type { Harm } from './planned-fault.ts'
import { createProcess } from './process.ts'
import type { SimCluster } from './sim-cluster.ts'
import type { SimTime } from './sim-time.ts'

/** A seller who puts the auctions up, and everybody who bids on them. */
export interface People {
  /** The auctions that exist, in the order of their creation. */
  readonly auctionIds: readonly string[]
  readonly bidders: readonly Person[]
  come(): void
  disturb(harm: Extract<Harm, { bidder: number }>): void
  healAll(): void
  /** No new bids; those under way go on. */
  stopBidding(): void
  leave(): void
}

/** When bidders open their pages. */
const comeMs = { least: 1_600, spread: 2_000 }

export type WrapClient = (client: Client, context: { entropy: Entropy; clock: Clock }) => Client

export function createPeople(deps: {
  plan: Plan
  time: SimTime
  entropy: Entropy
  network: Network
  cluster: SimCluster
  history: History
  wrapClient: WrapClient
}): People {
  const { plan, time, entropy, network, cluster, history } = deps
  const auctionIds: string[] = []
  const isOver = { value: false }
  const person = (name: string, index: number, wallOffsetMs: number, thinkMs: number): Person => {
    const process = createProcess(name, { time, entropy, wallOffsetMs, driftPpm: 0 })
    const home = index % cluster.urls.length
    const urls = [...cluster.urls.slice(home), ...cluster.urls.slice(0, home)]
    const own = seededEntropy(plan.seed * 512 + index)
    const platform = network.platformOf(process)
    return createPerson({
      ...{ name, process, urls, platform, thinkMs, auctionIds, history, isOver },
      ...{ entropy: own, wrapClient: deps.wrapClient },
    })
  }
  const seller = person('seller', 0, 0, 0)
  const bidders = plan.bidders.map(({ name, wallOffsetMs, thinkMs }, index) =>
    person(name, index + 1, wallOffsetMs, thinkMs),
  )
  return {
    auctionIds,
    bidders,
    come() {
      for (const [index, planned] of plan.auctions.entries()) {
        time.after(planned.createMs - time.nowMs, () => {
          void seller.sell(planned, `sale-${plan.seed}-${index}`).then((id) => {
            if (id === undefined) return
            auctionIds.push(id)
            cluster.hotAuctionId ??= id
          })
        })
      }
      // All nodes are up by then: whoever came first of all would find the first node only, and stay there.
      for (const bidder of bidders)
        time.after(comeMs.least + entropy.random() * comeMs.spread, () => bidder.begin())
    },
    disturb(harm) {
      const bidder = bidders[harm.bidder % bidders.length]
      if (bidder === undefined) return
      const { name, process } = bidder
      if (harm.kind === 'cut') {
        history.fault({ kind: 'cut', role: 'client', target: name })
        network.cut(name)
      } else if (harm.kind === 'reload') {
        history.fault({ kind: 'restart', role: 'client', target: name })
        bidder.reload()
      } else {
        history.fault({ kind: 'freeze', role: 'client', target: name })
        process.freeze()
        time.after(harm.forMs, () => process.thaw())
      }
    },
    healAll() {
      for (const { process } of bidders) process.thaw()
    },
    stopBidding() {
      isOver.value = true
    },
    leave() {
      for (const { client } of [seller, ...bidders]) client.close()
    },
  }
}
