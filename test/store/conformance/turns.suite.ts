import { expect } from 'vitest'
import type { Promised } from './bench.ts'
import { create, put, refusedBy, win } from './words.ts'

const burst = 10_000
/** After so many turns of the event loop a remote store needs not go on. */
const turnsEnough = 200
const turnsLeast = 10
/** Of calls that are all sent at once: a store with latencies answers many in one turn. */
const turnsLeastAtOnce = 2

/** A store hands control back: whoever awaits one call after the other leaves timers and sockets their turns. */
export function turnSuite(promised: Promised): void {
  promised('a burst of reads, one after the other, leaves timers on time', [], async (bench) => {
    const store = await bench.open()
    await win(store, [create(`${bench.root}/turns/a`)])
    const loop = countTurns()
    for (let n = 0; n < burst && loop.turns() < turnsEnough; n++) {
      if (n % 2 === 0) await store.get(`${bench.root}/turns/a`, { fresh: n % 4 === 0 })
      else await store.list(`${bench.root}/turns`)
    }
    expect(loop.end()).toBeGreaterThanOrEqual(turnsLeast)
  })

  promised('a burst of reads at once leaves timers on time', [], async (bench) => {
    const store = await bench.open()
    await win(store, [create(`${bench.root}/turns/a`)])
    const loop = countTurns()
    const reads = Array.from({ length: burst }, () =>
      store.get(`${bench.root}/turns/a`, { fresh: true }),
    )
    expect((await Promise.all(reads)).every((entry) => entry !== undefined)).toBe(true)
    expect(loop.end()).toBeGreaterThanOrEqual(turnsLeastAtOnce)
  })

  promised('a burst of commits leaves timers on time, refused ones too', [], async (bench) => {
    const store = await bench.open()
    const key = `${bench.root}/turns/a`
    const mine = `${bench.root}/turns/mine`
    await win(store, [create(key), create(mine, 'x', store.session)])
    const loop = countTurns()
    for (let n = 0; n < burst && loop.turns() < turnsEnough; n++) {
      if (n % 2 === 0) await refusedBy(store, [create(key)])
      else await win(store, [put(mine, String(n))])
    }
    expect(loop.end()).toBeGreaterThanOrEqual(turnsLeast)
  })
}

/** How often the event loop turned; its timers ran at least once then. */
function countTurns(): { turns: () => number; end: () => number } {
  let count = 0
  let timerCount = 0
  const turn = () => {
    count++
    immediate = setImmediate(turn)
  }
  let immediate = setImmediate(turn)
  const timer = setInterval(() => timerCount++, 1)
  return {
    turns: () => count,
    end() {
      clearImmediate(immediate)
      clearInterval(timer)
      expect(timerCount).toBeGreaterThan(0)
      return count
    },
  }
}
