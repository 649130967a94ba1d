import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
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
/** A node stands still while it writes: some seconds for a hundred megabytes. */
const writeWithinMs = 120_000

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

/** All that the heap of a node that runs `nodeWithMemory` holds, as V8 writes it (heap/). @throws when it does not come */
export async function writeHeapOf(
  node: { pid: number | undefined },
  folder: string,
  file: string,
): Promise<void> {
  const pid = must(node.pid, 'pid')
  writeFileSync(join(folder, `heap-${pid}.wanted`), file)
  process.kill(pid, 'SIGUSR2')
  const isWritten = async () => existsSync(file)
  const tookMs = await timeUntil(isWritten, { withinMs: writeWithinMs })
  if (tookMs === undefined) throw new Error(`process ${pid} wrote no heap snapshot`)
}

/** Of this process. */
export function ownMemory(): Memory {
  collectGarbage()
  return memoryFrom(process.memoryUsage())
}

/** Of this process. */
export function writeOwnHeap(file: string): void {
  collectGarbage()
  writeHeapSnapshot(file)
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
}

function memoryFrom({ rss, heapUsed, external }: NodeJS.MemoryUsage): Memory {
  return { rss, used: heapUsed + external }
}
