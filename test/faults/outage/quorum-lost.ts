import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { linesOf } from '../../checker/history.ts'
import { pause, timeUntil } from '../wait.ts'
import type { Account } from './account.ts'
import { creditFigures, readCredits } from './credits.ts'
import { type Haggle, startHaggle } from './haggle.ts'
import { openLots } from './lots-for-sale.ts'
import { killLeaderAtFirstCredit } from './killed-leader.ts'
import { startOnlooker } from './onlooker.ts'
import { pauseFigures, refusalComplaints, refusalFigures } from './paused.ts'
import { loseQuorum, type QuorumLoss } from './quorum.ts'
import { type Scene, saleOf } from './scene.ts'
import type { Stage } from './stage.ts'

export interface QuorumLostPlan {
  readonly how: QuorumLoss
  /** Auctions that end while the quorum is away, spread over it. */
  readonly lotCount: number
  /** Kill -9 of the leader as soon as it gave the first of them its time back. */
  readonly isLeaderKilled: boolean
  /** Called once every node said that bidding is paused; the servers come back after it. */
  readonly whilePaused?: (at: { nodeUrl: string; auctionId: string }) => Promise<void>
  /** Called before the quorum is lost. */
  readonly beforehand?: (at: { nodeUrl: string; auctionId: string }) => Promise<void>
}

/** Bidding before the quorum goes. */
const leadMs = 5_000
/** How long after the outage the last one ends: its bidders lost time as well. */
const afterMs = 6_000
const creditWithinMs = 40_000
const closeWithinMs = 60_000
/** How many of the lots are bid on. */
const haggledMax = 3

/** Quorum lost over the ends of auctions: one that closed before, those that end in it, and one that ends soon after. */
export async function loseQuorumOverEnds(stage: Stage, plan: QuorumLostPlan): Promise<Scene> {
  const { cluster, recorder, options } = stage
  const { outageMs } = options
  const urls = cluster.nodes.map(({ url }) => url)
  const [before] = await openLots(urls, [{ title: 'Ends before', endsInMs: 1_000 }])
  if (before === undefined) throw new Error('no lot')
  const isClosed = ({ closedAt }: Account) => closedAt.length > 0
  await untilAll(stage, [before], isClosed, closeWithinMs)
  const onlookers = await Promise.all(
    cluster.nodes.map((node) => startOnlooker(node, before.id, () => recorder.now())),
  )
  const startMs = recorder.now()
  const spread = Array.from({ length: plan.lotCount }, (_, index) => ({
    title: `Ends while paused ${index + 1}`,
    endsInMs: leadMs + outageMs * (0.4 + (0.5 * index) / plan.lotCount),
  }))
  const [after, ...lots] = await openLots(urls, [
    { title: 'Ends soon after', endsInMs: leadMs + outageMs + afterMs },
    ...spread,
  ])
  if (after === undefined) throw new Error('no lot')
  const sale = saleOf([...lots, after, before])
  const watchers = stage.watch(sale)
  const haggledIds = [...lots.slice(0, haggledMax), after].map(({ id }) => id)
  const haggle = await startHaggle(stage, haggledIds)
  try {
    const page = { nodeUrl: urls[0] ?? '', auctionId: sale.hot.id }
    await plan.beforehand?.(page)
    await pause(startMs + leadMs - recorder.now())
    const quorum = await loseQuorum(stage, plan.how, sale.hot.id)
    await timeUntil(async () => onlookers.every(({ isPaused }) => isPaused), { withinMs: outageMs })
    await plan.whilePaused?.(page)
    await pause(quorum.lostAtMs + outageMs - recorder.now())
    const killed = plan.isLeaderKilled ? killLeaderAtFirstCredit(stage, lots) : undefined
    const { freedAtMs, backAtMs } = await quorum.regain()
    const owed = [...lots, after]
    const took = await untilAll(stage, owed, ({ credits }) => credits.length > 0, creditWithinMs)
    await killed
    await untilAll(stage, owed, isClosed, closeWithinMs)
    await haggle.stop()
    const { lostAtMs } = quorum
    const times = { lostAtMs, freedAtMs, backAtMs }
    const credited = await readCredits(stage, { lots, after, before, ...times })
    return {
      name: `quorum lost (${plan.how}) over ${lots.length} ends${plan.isLeaderKilled ? ', leader killed at the first credit' : ''}`,
      figures: {
        ...pauseFigures(onlookers, lostAtMs),
        ...refusalFigures(haggle, onlookers, lostAtMs),
        'credited after the servers were back, ms': Math.round(took ?? NaN),
        ...creditFigures(credited),
      },
      complaints: [
        ...onlookers
          .filter(({ pauses }) => pauses.every(({ toMs }) => toMs < lostAtMs))
          .map(({ nodeId }) => `${nodeId} did not say that bidding is paused`),
        ...refusalComplaints(haggle, onlookers, lostAtMs),
        ...closedMeanwhile(stage, lostAtMs, backAtMs),
        ...(took === undefined ? ['not all were given their time back'] : []),
        ...credited.complaints,
        // Whose holder was killed may be back too late for a short time that was given.
        ...(plan.isLeaderKilled ? [] : acceptedAfter(haggle, haggledIds, backAtMs)),
      ],
      lots: [...lots, after, before],
      watchers,
    }
  } finally {
    await haggle.stop()
    onlookers.forEach((onlooker) => onlooker.leave())
  }
}

/** How long it took until this holds for the account of every lot. */
function untilAll(
  { accounts }: Stage,
  lots: readonly AuctionJson[],
  holds: (account: Account) => boolean,
  withinMs: number,
): Promise<number | undefined> {
  const waiting = new Set(lots.map(({ id }) => id))
  const isDone = async () => {
    for (const id of waiting) if (holds(await accounts.of(id))) waiting.delete(id)
    return waiting.size === 0
  }
  return timeUntil(isDone, { withinMs })
}

function closedMeanwhile({ recorder }: Stage, lostAtMs: number, backAtMs: number): string[] {
  return linesOf(recorder.lines, 'feed')
    .filter(({ atMs, events }) => atMs > lostAtMs + 1_000 && atMs < backAtMs && events.length > 0)
    .flatMap(({ auctionId, events }) => events.map(({ type }) => ({ auctionId, type })))
    .filter(({ type }) => type === 'AuctionClosed')
    .map(({ auctionId }) => `${auctionId} was closed while paused`)
}

function acceptedAfter({ tries }: Haggle, ids: readonly string[], backAtMs: number): string[] {
  return ids
    .filter(
      (id) =>
        !tries.some(
          ({ auctionId, sentMs, outcome }) =>
            auctionId === id && outcome === 'accepted' && sentMs > backAtMs,
        ),
    )
    .map((id) => `no bid on ${id} was accepted after the outage`)
}
