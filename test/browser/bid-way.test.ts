import { describe, expect, it } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { createLastBid, stationsOf } from '../../frontend/src/state/bid-way.ts'

const timing = { waitedMs: 1, lockMs: 60, commitMs: 4, batchSize: 3 }
const way = { auctionId: 'A', seq: 9, tookMs: 80, node: { nodeId: 'n2', timing }, toldMs: 70 }

describe('the way of the last bid', () => {
  it('names where most of its time went; what no node counted was on the network', () => {
    expect(stationsOf(way).map(({ ms, isMost }) => [ms, isMost])).toEqual([
      [1, false],
      [60, true],
      [4, false],
      [15, false],
    ])
    expect(stationsOf(way)[2]?.words).toBe('committed, in a batch of 3')
  })

  it('names none where none took more than half, and is not told before the node has told', () => {
    expect(stationsOf({ ...way, tookMs: 300 }).filter(({ isMost }) => isMost)).toHaveLength(1)
    expect(stationsOf({ ...way, tookMs: 120 }).some(({ isMost }) => isMost)).toBe(false)
    expect(stationsOf({ ...way, node: undefined })).toEqual([])
  })

  it('ends where the feed brings it, be that before the answer or after', () => {
    const calls = { auctions: { bidTiming: () => Promise.reject(new Error('not told')) } }
    const bid = { auctionId: 'A', bidId: 'b', pressedMs: 1_000, tookMs: 40 }
    const lastBid = createLastBid(calls as unknown as Client)
    lastBid.heard('A', 8, 1_010)
    lastBid.heard('B', 9, 1_020)
    lastBid.heard('A', 9, 1_030)
    lastBid.heard('A', 10, 1_035)
    lastBid.accepted({ ...bid, seq: 9 })
    expect(lastBid.way.value?.toldMs).toBe(30)
    lastBid.accepted({ ...bid, pressedMs: 2_000, seq: 11 })
    expect(lastBid.way.value?.toldMs).toBeUndefined()
    lastBid.heard('A', 12, 2_050)
    lastBid.heard('A', 13, 2_090)
    expect(lastBid.way.value?.toldMs).toBe(50)
  })
})
