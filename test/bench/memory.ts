import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { must } from '../../src/lib/assert.ts'
import { timeUntil } from '../faults/wait.ts'

/** After garbage was collected. */
export interface Memory {
  readonly rss: number
  /** JavaScript's own, and what hangs on it outside of the heap. */
  readonly used: number
}

/** In place of the program, for nodes whose memory is asked for. */
export const nodeWithMemory = fileURLToPath(new URL('node-with-memory.mjs', import.meta.url))
const tellWithinMs = 20_000

/** Of a node that runs `nodeWithMemory`; its working folder is the stage's. */
export async function memoryOf(node: { pid: number | undefined }, folder: string): Promise<Memory> {
  const pid = must(node.pid, 'pid')
  const file = join(folder, `memory-${pid}.json`)
  rmSync(file, { force: true })
  process.kill(pid, 'SIGUSR2')
  let told: NodeJS.MemoryUsage | undefined
  const isTold = async () => {
    told = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.MemoryUsage
    return true
  }
  await timeUntil(isTold, { withinMs: tellWithinMs })
  return memoryFrom(must(told, 'memory'))
}

/** Of this process. */
export function ownMemory(): Memory {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return memoryFrom(process.memoryUsage())
}

function memoryFrom({ rss, heapUsed, external }: NodeJS.MemoryUsage): Memory {
  return { rss, used: heapUsed + external }
}
