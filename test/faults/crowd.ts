import { createNodeClient } from '../../src/client/node.ts'
import type { Recorder } from './recorder.ts'
import { pause, timeUntil } from './wait.ts'
import { feedLine } from './watchers.ts'

/** Many people who only look, each with a client and a socket of their own, and each leaves after the close. */
export interface Crowd {
  readonly size: number
  /** How many have been told of this seq. */
  toldCount(seq: number): number
}

const atOnce = 50
const againMs = 20

/** Resolves when everybody has been told something. @throws when that takes too long */
export async function gatherCrowd(options: {
  name: string
  size: number
  /** The node that all of them prefer first. */
  urls: readonly string[]
  auctionId: string
  recorder: Recorder
  withinMs: number
}): Promise<Crowd> {
  const { name, size, urls, auctionId, recorder, withinMs } = options
  const seqs: number[] = []
  const toldCount = (seq: number) => seqs.filter((told) => told >= seq).length
  const comeIn = (place: number) => {
    const client = createNodeClient({ urls })
    seqs[place] = 0
    client.watch(auctionId, (update) => {
      recorder.add(feedLine(update, `${name}/${place + 1}`, recorder.now()))
      seqs[place] = update.seq
      if (update.auction.phase === 'closed') client.close()
    })
  }
  for (let place = 0; place < size; place += atOnce) {
    for (let next = place; next < Math.min(size, place + atOnce); next++) comeIn(next)
    await pause(againMs)
  }
  const isIn = async () => toldCount(1) === size
  const tookMs = await timeUntil(isIn, { withinMs, everyMs: againMs })
  if (tookMs === undefined) throw new Error(`of a crowd of ${size} only ${toldCount(1)} came in`)
  return { size, toldCount }
}
