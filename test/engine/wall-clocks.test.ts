import { describe, expect, it } from 'vitest'
import { createWallClocks } from '../../src/engine/wall-clocks.ts'
import type { Member } from '../../src/recipes/membership.ts'
import { createNodeClock } from '../recipes/node-clock.ts'
import { pend } from '../recipes/room.ts'
import { createManualClock } from '../support/manual-clock.ts'

/** A node whose monotonic clock began with the true time 0, and which hears of others. */
function hearing({ ownErrorMs = 0 } = {}) {
  let told: (members: readonly Member[]) => void = () => undefined
  const shared = createManualClock(0)
  const clock = createNodeClock(shared, ownErrorMs)
  const onChange = (listener: typeof told) => {
    told = listener
    return () => undefined
  }
  const clocks = createWallClocks({ clock, membership: { onChange }, nodeId: 'n1' })
  const median = () => clocks.medianMs(new AbortController().signal)
  return {
    clock,
    advance: (ms: number) => shared.advance(ms),
    asks: () => pend(median().then((ms) => ms - shared.wallMs())),
    errorMs: async () => (await median()) - shared.wallMs(),
    async at(ms: number, ...words: { nodeId: string; wallMs: number; toldAgainInMs: number }[]) {
      await shared.advance(ms - shared.monotonicMs())
      told(words.map(({ nodeId, ...info }) => ({ nodeId, sessionId: nodeId, revision: 1n, info })))
    },
  }
}

describe('the time of a cold start', () => {
  const old = { wallMs: 8_800, toldAgainInMs: 2_000 }

  it('is our own clock’s, where what the others said before may well be the same time', async () => {
    const node = hearing()
    await node.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(await node.errorMs()).toBe(0)
  })

  it('does not fall behind while others say nothing new', async () => {
    const node = hearing()
    const others = [
      { nodeId: 'n2', ...old },
      { nodeId: 'n3', ...old },
    ]
    await node.at(10_000, ...others)
    await node.at(18_000, ...others)
    expect(await node.errorMs()).toBe(0)
  })

  it('is not our own clock’s, where that is wrong by more than anything heard can be old', async () => {
    const ahead = hearing({ ownErrorMs: 60_000 })
    await ahead.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(await ahead.errorMs()).toBe(2_800)
    const behind = hearing({ ownErrorMs: -60_000 })
    await behind.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(await behind.errorMs()).toBe(-1_200)
  })

  it('comes nearer with each new word', async () => {
    const node = hearing({ ownErrorMs: 60_000 })
    const say = (wallMs: number, toldAgainInMs: number) => [
      { nodeId: 'n2', wallMs, toldAgainInMs },
      { nodeId: 'n3', wallMs, toldAgainInMs },
    ]
    await node.at(10_000, ...say(8_800, 2_000))
    await node.at(11_000, ...say(10_990, 250))
    expect(await node.errorMs()).toBe(2_240)
  })

  it('is what others say since our own clock jumped, not ours', async () => {
    const node = hearing()
    await node.at(9_000, { nodeId: 'n2', wallMs: 8_900, toldAgainInMs: 2_000 })
    node.clock.jumpWall(2_200)
    await node.at(10_000, { nodeId: 'n2', wallMs: 9_990, toldAgainInMs: 10_000 })
    expect(await node.errorMs()).toBe(-10)
  })

  it('waits for such words, but not for long', async () => {
    const node = hearing()
    await node.at(9_000, { nodeId: 'n2', wallMs: 8_900, toldAgainInMs: 2_000 })
    await node.advance(1)
    node.clock.jumpWall(2_200)
    const heard = node.asks()
    await node.at(11_000, { nodeId: 'n2', wallMs: 10_990, toldAgainInMs: 10_000 })
    await node.advance(0)
    expect(heard.value).toBe(-10)

    const alone = hearing()
    await alone.at(9_000, { nodeId: 'n2', wallMs: 8_900, toldAgainInMs: 2_000 })
    await alone.advance(1)
    alone.clock.jumpWall(2_200)
    const unheard = alone.asks()
    await alone.advance(2_990)
    expect(unheard.value).toBeUndefined()
    await alone.advance(10)
    expect(unheard.value).toBe(2_200)
  })

  it('is our own clock’s after a jump, where nobody else is there', async () => {
    const node = hearing()
    await node.at(9_000)
    node.clock.jumpWall(2_200)
    expect(await node.errorMs()).toBe(2_200)
  })

  it('follows others who count on while our machine slept', async () => {
    const node = hearing()
    await node.at(9_000, { nodeId: 'n2', wallMs: 9_000, toldAgainInMs: 250 })
    node.clock.loseMonotonic(60_000)
    await node.at(70_000, { nodeId: 'n2', wallMs: 69_990, toldAgainInMs: 10_000 })
    expect(await node.errorMs()).toBe(-10)
  })

  it('is our own clock’s against one other that has not been able to say its time again', async () => {
    const node = hearing()
    await node.at(24_000, { nodeId: 'n2', wallMs: 18_200, toldAgainInMs: 500 })
    expect(await node.errorMs()).toBe(0)
  })
})
