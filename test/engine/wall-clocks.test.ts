import { describe, expect, it } from 'vitest'
import { createWallClocks } from '../../src/engine/wall-clocks.ts'
import type { Member } from '../../src/recipes/membership.ts'

/** A node whose monotonic clock began with the true time 0, and which hears of others. */
function hearing({ ownErrorMs = 0 } = {}) {
  let nowMs = 0
  let told: (members: readonly Member[]) => void = () => undefined
  const clock = {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs + ownErrorMs,
    setTimer: () => ({ cancel: () => undefined }),
  }
  const onChange = (listener: typeof told) => {
    told = listener
    return () => undefined
  }
  const clocks = createWallClocks({ clock, membership: { onChange }, nodeId: 'n1' })
  return {
    errorMs: () => clocks.medianMs() - nowMs,
    at(ms: number, ...words: { nodeId: string; wallMs: number; toldAgainInMs: number }[]) {
      nowMs = ms
      told(words.map(({ nodeId, ...info }) => ({ nodeId, sessionId: nodeId, revision: 1n, info })))
    },
  }
}

describe('the time of a cold start', () => {
  const old = { wallMs: 8_800, toldAgainInMs: 2_000 }

  it('is our own clock’s, where what the others said before may well be the same time', () => {
    const node = hearing()
    node.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(node.errorMs()).toBe(0)
  })

  it('does not fall behind while others say nothing new', () => {
    const node = hearing()
    const others = [
      { nodeId: 'n2', ...old },
      { nodeId: 'n3', ...old },
    ]
    node.at(10_000, ...others)
    node.at(18_000, ...others)
    expect(node.errorMs()).toBe(0)
  })

  it('is not our own clock’s, where that is wrong by more than anything heard can be old', () => {
    const ahead = hearing({ ownErrorMs: 60_000 })
    ahead.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(ahead.errorMs()).toBe(2_800)
    const behind = hearing({ ownErrorMs: -60_000 })
    behind.at(10_000, { nodeId: 'n2', ...old }, { nodeId: 'n3', ...old })
    expect(behind.errorMs()).toBe(-1_200)
  })

  it('comes nearer with each new word', () => {
    const node = hearing({ ownErrorMs: 60_000 })
    const say = (wallMs: number, toldAgainInMs: number) => [
      { nodeId: 'n2', wallMs, toldAgainInMs },
      { nodeId: 'n3', wallMs, toldAgainInMs },
    ]
    node.at(10_000, ...say(8_800, 2_000))
    node.at(11_000, ...say(10_990, 250))
    expect(node.errorMs()).toBe(2_240)
  })
})
