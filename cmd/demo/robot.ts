import type { Client, FeedUpdate, Watch } from '../../src/client/client.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { House } from './house.ts'
import type { Tally } from './tally.ts'

export interface RobotDeps {
  client: Client
  name: string
  house: House
  tally: Tally
  clock: Clock
  entropy: Entropy
  signal: AbortSignal
}

const pauseMinMs = 600
const pauseMaxMs = 4_000
/** What a lot is worth to a robot, drawn for each. */
const worthMin = 100
const worthMax = 900

interface Seen {
  watch: Watch
  worth: number
  latest: FeedUpdate | undefined
}

/** Watches what the house has open and bids the minimum, now and then more, until a lot is dearer than it is worth. */
export async function runRobot(deps: RobotDeps): Promise<void> {
  const { client, house, tally, clock, entropy, signal } = deps
  const seen = new Map<string, Seen>()
  client.connection.onMoved(({ from, to }) => {
    if (from.url !== to.url) tally.moved()
  })
  try {
    const { user } = await client.session.create(deps.name)
    while (!signal.aborted) {
      await sleep(clock, pauseMinMs + entropy.random() * (pauseMaxMs - pauseMinMs), signal)
      lookOn(seen, house.openIds, deps)
      const bid = chooseBid([...seen.values()], user.id, entropy)
      if (bid !== undefined) tally.add(await client.bid({ ...bid, signal }))
    }
  } finally {
    client.close()
  }
}

function lookOn(seen: Map<string, Seen>, openIds: readonly string[], deps: RobotDeps): void {
  for (const [id, { watch }] of seen) {
    if (openIds.includes(id)) continue
    watch.end()
    seen.delete(id)
  }
  for (const id of openIds) {
    if (seen.has(id)) continue
    const worth = worthMin + deps.entropy.random() * (worthMax - worthMin)
    const onUpdate = (update: FeedUpdate) => (entry.latest = update)
    const entry: Seen = { watch: deps.client.watch(id, onUpdate), worth, latest: undefined }
    seen.set(id, entry)
  }
}

function chooseBid(seen: readonly Seen[], ownId: string, entropy: Entropy) {
  const wanted = seen.flatMap(({ latest, worth }) => {
    if (latest?.auction.phase !== 'open') return []
    const { id, standingBid, minimumNextBid } = latest.auction
    const isOurs = standingBid?.bidder.id === ownId
    return isOurs || minimumNextBid === null || Number(minimumNextBid) > worth
      ? []
      : [{ auctionId: id, minimum: minimumNextBid }]
  })
  const choice = wanted[Math.floor(entropy.random() * wanted.length)]
  if (choice === undefined) return undefined
  const isBold = entropy.random() < 0.2
  const amount = isBold ? (Number(choice.minimum) * 1.1).toFixed(2) : choice.minimum
  return { auctionId: choice.auctionId, amount }
}
