import { createNodeClient } from '../../src/client/node.ts'
import { asError, sleep } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { createHouse, type House } from './house.ts'
import { runRobot } from './robot.ts'
import { createTally } from './tally.ts'

export interface Robots {
  /** Resolves when all have stopped; tells what was seen. */
  stop(): Promise<void>
}

const tellEveryMs = 15_000
const names = ['Ada', 'Ben', 'Cleo', 'Dai', 'Edda', 'Finn', 'Gus', 'Hana', 'Ivo', 'Juno']

/** A house that keeps a few auctions open, and so many robots that bid in them, each a client of its own. */
export function startRobots(options: {
  urls: readonly string[]
  count: number
  say: (line: string) => void
}): Robots {
  const { urls, say } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const tally = createTally()
  const deps = { clock: systemClock, entropy: systemEntropy, signal }
  // Each prefers another node, so that the room is the same wherever one looks.
  const client = (index: number) =>
    createNodeClient({ urls: urls.map((_, at) => urls[(at + index) % urls.length] ?? '') })
  const house: House = createHouse({ ...deps, client: client(0) })
  const failed = (error: unknown) => {
    if (!signal.aborted) say(`a robot stopped: ${asError(error).message}`)
  }
  const works = [house.run().catch(failed)]
  for (let index = 0; index < options.count; index++) {
    const name = `${names[index % names.length] ?? ''} (robot ${index + 1})`
    works.push(runRobot({ ...deps, client: client(index), name, house, tally }).catch(failed))
  }
  const telling = tellNowAndThen(() => say(tally.text()), signal)
  return {
    async stop() {
      stopping.abort(new Error('the demo ends'))
      await Promise.all([...works, telling])
      say(tally.text())
    },
  }
}

async function tellNowAndThen(tell: () => void, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      await sleep(systemClock, tellEveryMs, signal)
      tell()
    }
  } catch {
    // Stopped.
  }
}
