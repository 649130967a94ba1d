import { describe, expect, it } from 'vitest'
import { decide } from '../../src/auction/decide.ts'
import { fold } from '../../src/auction/evolve.ts'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { encodeAppend, encodeBatch, encodeHead } from '../../src/engine/codec.ts'
import type { Batch, Head } from '../../src/engine/records.ts'
import { conditions, startsAt } from '../support/given.ts'

const seller = { id: 'seller', name: 'Selma "the hammer" Grünwald' }

function headOf(events: readonly AuctionEvent[]): Head {
  const state = fold(events)!
  const batch: Batch = { batchId: 'n1~a.1', slot: 1, firstSeq: 1, endsAtBefore: 0, events }
  const ids = { count: 2, chunked: 0, recent: [[1, 'QUJD']] as const }
  return { schema: 1, epoch: 'e', slot: 1, seq: state.seq, state, batch, ids }
}

const created = decide(undefined, {
  ...{ type: 'CreateAuction', at: startsAt, seller },
  conditions: conditions({ mayRaiseOwnBid: true }),
})

describe('an append, put in words once', () => {
  const head = headOf(created.ok ? created.events : [])

  it('is what slot and head are by themselves, byte for byte', () => {
    const { slot, head: headBytes } = encodeAppend(head)
    expect(textOf(slot)).toBe(textOf(encodeBatch(head.batch)))
    expect(textOf(headBytes)).toBe(textOf(encodeHead(head)))
  })

  it('takes the events as they were put in words before', () => {
    const text = head.batch.events.map((event) => JSON.stringify(event)).join(',')
    expect(encodeAppend(head, text)).toEqual(encodeAppend(head))
  })
})

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
