import { asError } from '../../../src/lib/clock.ts'
import type { Busy, Order, Part, Report } from './part.ts'
import { parts, type Parts } from './parts.ts'

// One process of the crew, started by remote.ts: opens its part, then does what it is told. Ends when the bench does.

let part: (Part & Record<string, unknown>) | undefined

process.on('disconnect', () => process.exit(0))
process.on('message', (order: Order) => {
  void answer(order).then((report) => process.send?.(report))
})

async function answer(order: Order): Promise<Report> {
  const busySince = startMeter()
  try {
    const result = order.kind === 'open' ? await open(order) : await carryOut(order)
    return { kind: 'done', result, busy: busySince() }
  } catch (error) {
    const { stack, message } = asError(error)
    return { kind: 'failed', message: stack ?? message }
  }
}

async function open({ part: name, options }: Order & { kind: 'open' }): Promise<unknown> {
  const make = (await parts[name as keyof Parts]()) as (options: unknown) => Promise<Part>
  part = (await make(options)) as typeof part
  return undefined
}

async function carryOut({ method, order }: Order & { kind: 'do' }): Promise<unknown> {
  const action = part?.[method]
  if (typeof action !== 'function') throw new Error(`nobody here does ${method}`)
  return (action as (order: unknown) => Promise<unknown>)(order)
}

function startMeter(): () => Busy {
  const loop = performance.eventLoopUtilization()
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return {
      loopShare: performance.eventLoopUtilization(loop).utilization,
      cores: (user + system) / 1_000 / Math.max(1, performance.now() - startMs),
    }
  }
}
