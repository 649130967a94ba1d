import type { Client } from '../../src/client/client.ts'
import { createNodeClient } from '../../src/client/node.ts'
import { asError, sleep } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { ClusterJson } from '../../src/protocol/http.ts'
import { createHouse } from './house.ts'
import { createJournalCheck } from './journal-check.ts'
import { runRobot } from './robot.ts'
import { createStage } from './stage.ts'
import { createTally, type Tally } from './tally.ts'
import { robotAt } from './temperament.ts'

/** What is on while the demo runs: a house that puts up auctions, robots that bid in them, one auction on the stage. */
export interface Show {
  readonly staged: AuctionJson | undefined
  readonly robots: readonly ReturnType<typeof robotAt>[]
  readonly tally: Tally
  /** As some node that answered saw it, about a second ago. */
  readonly cluster: ClusterJson | undefined
  /** A node was hurt: all that is in the journal is looked for again. */
  lookAgain(): void
  /** Resolves when all have stopped; tells what was seen. */
  stop(): Promise<void>
}

const tellEveryMs = 15_000
const lookEveryMs = 500

export function startShow(options: {
  urls: readonly string[]
  robotCount: number
  say: (line: string) => void
  /** A robot's bid in the auction on the stage was acknowledged. */
  onStageBid: () => void
}): Show {
  const { urls, say } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const deps = { clock: systemClock, entropy: systemEntropy, signal }
  // Each prefers another node, so that the room is the same wherever one looks.
  const client = (index: number) =>
    createNodeClient({ urls: urls.map((_, at) => urls[(at + index) % urls.length] ?? '') })
  const [houseClient, eyes] = [client(0), client(1)]
  const house = createHouse({ ...deps, client: houseClient })
  const check = createJournalCheck({ ...deps, client: eyes })
  const tally = createTally(check)
  const view = createView(eyes, () => house.open)
  const robots = Array.from({ length: options.robotCount }, (_, index) => robotAt(index))

  const failed = (error: unknown) => {
    if (!signal.aborted) say(`a robot stopped: ${asError(error).message}`)
  }
  const bidding = robots.map((robot, index) =>
    runRobot({
      ...deps,
      ...robot,
      client: client(index),
      openIds: () => house.open.map(({ id }) => id),
      stagedId: () => view.staged?.id,
      onMoved: () => tally.moved(),
      onOutcome(auctionId, bid) {
        tally.add(auctionId, bid)
        if (bid.outcome === 'accepted' && auctionId === view.staged?.id) options.onStageBid()
      },
    }),
  )
  const works = [house.run(), ...bidding].map((work) => work.catch(failed))
  works.push(
    check.run(),
    again(lookEveryMs, () => view.look(), signal),
  )
  works.push(again(tellEveryMs, () => say(tally.text()), signal))
  return {
    robots,
    tally,
    get staged() {
      return view.staged
    },
    get cluster() {
      return view.cluster
    },
    lookAgain: () => check.again(),
    async stop() {
      stopping.abort(new Error('the demo ends'))
      await Promise.all(works)
      await check.finish()
      for (const one of [houseClient, eyes]) one.close()
      say(tally.text())
    },
  }
}

function createView(client: Client, open: () => readonly AuctionJson[]) {
  const stage = createStage()
  const view = {
    staged: undefined as AuctionJson | undefined,
    cluster: undefined as ClusterJson | undefined,
    async look() {
      view.staged = stage.look(open(), client.clock.now())
      view.cluster = await client.cluster().catch(() => view.cluster)
    },
  }
  return view
}

async function again(
  everyMs: number,
  act: () => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      await sleep(systemClock, everyMs, signal)
      await act()
    }
  } catch {
    // Stopped.
  }
}
