import type { BidOutcome, Client, FeedUpdate, Watch } from '../../src/client/client.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { Character, Prospect } from './temperament.ts'

export interface RobotDeps {
  client: Client
  name: string
  character: Character
  /** What is open. */
  openIds: () => readonly string[]
  /** The one that people look at: robots like to be seen. */
  stagedId: () => string | undefined
  onOutcome: (auctionId: string, outcome: BidOutcome) => void
  onMoved: () => void
  clock: Clock
  entropy: Entropy
  signal: AbortSignal
}

/** What a lot is worth to a robot, drawn for each, above its starting price. */
const worthMin = 150
const worthMax = 600
const stageShare = 0.85

interface Seen {
  watch: Watch
  worth: number
  latest: FeedUpdate | undefined
}

/** Watches what is open and bids as its temperament has it, until a lot is dearer than it is worth to it. */
export async function runRobot(deps: RobotDeps): Promise<void> {
  const { client, clock, entropy, signal } = deps
  const [pauseMinMs, pauseMaxMs] = deps.character.pauseMs
  const seen = new Map<string, Seen>()
  client.connection.onMoved(({ from, to }) => {
    if (from.url !== to.url) deps.onMoved()
  })
  try {
    const { user } = await client.session.create(deps.name)
    while (!signal.aborted) {
      await sleep(clock, pauseMinMs + entropy.random() * (pauseMaxMs - pauseMinMs), signal)
      lookOn(seen, deps)
      const bid = chooseBid(seen, user.id, deps)
      if (bid !== undefined) deps.onOutcome(bid.auctionId, await client.bid({ ...bid, signal }))
    }
  } finally {
    client.close()
  }
}

function lookOn(seen: Map<string, Seen>, { openIds, client, entropy }: RobotDeps): void {
  const open = openIds()
  for (const [id, { watch }] of seen) {
    if (open.includes(id)) continue
    watch.end()
    seen.delete(id)
  }
  for (const id of open) {
    if (seen.has(id)) continue
    const worth = worthMin + entropy.random() * (worthMax - worthMin)
    const onUpdate = (update: FeedUpdate) => (entry.latest = update)
    const entry: Seen = { watch: client.watch(id, onUpdate), worth, latest: undefined }
    seen.set(id, entry)
  }
}

function chooseBid(seen: ReadonlyMap<string, Seen>, ownId: string, deps: RobotDeps) {
  const { character, client, entropy, stagedId } = deps
  const wanted = [...seen.values()].flatMap(({ latest, worth }) => {
    const lot = latest && prospectOf(latest.auction, worth, ownId, client.clock.now())
    const amount = lot && character.bid(lot, entropy)
    if (latest === undefined || amount === undefined) return []
    return [{ auctionId: latest.auctionId, amount: amount.toFixed(2) }]
  })
  const onStage = wanted.find(({ auctionId }) => auctionId === stagedId())
  if (onStage !== undefined && entropy.random() < stageShare) return onStage
  return wanted[Math.floor(entropy.random() * wanted.length)]
}

function prospectOf(
  auction: AuctionJson,
  worth: number,
  ownId: string,
  nowMs: number,
): Prospect | undefined {
  const { phase, standingBid, minimumNextBid, startPrice } = auction
  const isOurs = standingBid?.bidder.id === ownId
  if (phase !== 'open' || isOurs || minimumNextBid === null) return undefined
  const [startsAtMs, endsAtMs] = [Date.parse(auction.startsAt), Date.parse(auction.endsAt)]
  return {
    minimum: Number(minimumNextBid),
    worth: Number(startPrice) + worth,
    leftMs: endsAtMs - nowMs,
    leftShare: (endsAtMs - nowMs) / (endsAtMs - startsAtMs),
  }
}
