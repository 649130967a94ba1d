import type { Tls } from '../access.ts'
import { type MeasureStore, mostOf } from '../size.ts'
import { surveyWithinMs } from '../survey.ts'
import { parseServer } from './server-address.ts'
import type { AskFourLetters } from './survey.ts'

/**
 * What `mntr` tells of the data in memory, which is what a ZooKeeper runs out of first; where that word is forbidden `srvr` tells
 * the number of nodes alone. Both count the whole ensemble, not only what is below our root.
 */
export function createZookeeperMeasure(options: {
  servers: readonly string[]
  ask: AskFourLetters
  bytesMax: number | null
  tls?: Tls | undefined
}): MeasureStore {
  const { servers, ask, bytesMax, tls } = options
  const look = async (server: string) => {
    const tell = (word: string) =>
      ask({ ...parseServer(server), word, withinMs: surveyWithinMs, tls }).catch(() => '')
    const mntr = await tell('mntr')
    const keys = numberIn(mntr, /^zk_znode_count\s+(\d+)/m)
    const bytes = numberIn(mntr, /^zk_approximate_data_size\s+(\d+)/m)
    return keys === null
      ? { keys: numberIn(await tell('srvr'), /^Node count: (\d+)/m), bytes: null }
      : { keys, bytes }
  }
  return async () => {
    const told = await Promise.all(servers.map(look))
    return {
      keys: mostOf(told.map(({ keys }) => keys)),
      bytes: mostOf(told.map(({ bytes }) => bytes)),
      bytesMax,
    }
  }
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}
