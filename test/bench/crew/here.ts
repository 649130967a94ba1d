import type { Part } from './part.ts'
import { parts, type Parts } from './parts.ts'
import type { StartPart } from './remote.ts'

/** A part played in this very process: what is counted and checked is the same, what is timed means nothing. */
export const startHere: StartPart = async <Name extends keyof Parts>(
  part: Name,
  options: Parameters<Parts[Name]>[0],
) => {
  const make = (await parts[part]()) as (options: unknown) => Promise<Part>
  const played = (await make(options)) as Part & Record<string, (order: unknown) => unknown>
  let isOver = false
  return {
    pid: process.pid,
    busy: { loopShare: 0, cores: 0 },
    ask: async (method, order) => (await played[method]?.(order)) as never,
    async stop() {
      if (isOver) return
      isOver = true
      await played.close()
    },
  }
}
