import type { WebSocket } from 'ws'
import type { Person } from '../../src/auction/person.ts'
import { encodeAuction } from '../../src/gateway/encode/auction.ts'
import { encodeEvent } from '../../src/gateway/encode/event.ts'
import { must } from '../../src/lib/assert.ts'
import type { Down } from '../../src/protocol/down.ts'
import type { Bid, Subscribe, Up } from '../../src/protocol/up.ts'
import { placeStubBid } from './stub-bidding.ts'
import type { StubApi } from './stub-api.ts'

/** How many events a snapshot brings along. */
const recentCount = 20

export interface StubSocketFate {
  /** Undefined: bids are decided and answered. */
  bids?: 'unanswered' | undefined
  paused?: string | undefined
  /** Subscriptions of all sockets. */
  watchedCount: number
}

/** One socket of a stub node, speaking the protocol of the pages. */
export function serveStubSocket(socket: WebSocket, api: StubApi, fate: StubSocketFate): void {
  let user: Person | undefined
  const watched = new Set<string>()
  const send = (frame: Down) => socket.send(JSON.stringify(frame))
  const welcome = () =>
    send({
      type: 'welcome',
      nodeId: api.nodeId,
      protocol: 1,
      serverTime: new Date().toISOString(),
      ...(user === undefined ? {} : { user }),
    })
  const subscribe = ({ auctionId, after }: Subscribe) => {
    if (api.lots.record(auctionId) === undefined) {
      send({ type: 'error', code: 'no-such-auction', message: 'no', auctionId })
      return
    }
    if (!watched.has(auctionId)) fate.watchedCount++
    watched.add(auctionId)
    send(after === undefined ? snapshotOf(api, auctionId) : eventsOf(api, auctionId, after.seq))
    send({ type: 'presence', auctionId, watchers: 2 })
  }
  const bid = (frame: Bid) => {
    const { auctionId, bidId } = frame
    const told = { type: 'outcome', auctionId, bidId } as const
    if (user === undefined) {
      send({ ...told, outcome: 'rejected', code: 'sign-in-first', final: false })
    } else {
      const outcome = placeStubBid(api.lots, user, frame)
      if (fate.bids === undefined) send(outcome)
    }
  }
  const hear = (frame: Up) => {
    if (frame.type === 'hello') {
      user = api.guests.get(frame.token ?? '')
      if (frame.token !== undefined && user === undefined) socket.close(4001)
      else welcome()
    } else if (frame.type === 'subscribe') subscribe(frame)
    else if (frame.type === 'unsubscribe') {
      if (watched.delete(frame.auctionId)) fate.watchedCount--
    } else if (frame.type === 'time') {
      send({ type: 'time', t0: frame.t0, t1: Date.now(), t2: Date.now() })
    } else bid(frame)
  }
  const stopListening = api.lots.onEvents((id, prevSeq) => {
    if (watched.has(id)) send(eventsOf(api, id, prevSeq))
  })
  socket.on('message', (text: Buffer) => hear(JSON.parse(text.toString()) as Up))
  socket.on('close', () => {
    stopListening()
    fate.watchedCount -= watched.size
  })
  welcome()
  if (fate.paused !== undefined) send({ type: 'paused', reason: fate.paused })
}

function snapshotOf(api: StubApi, auctionId: string): Down {
  const record = must(api.lots.record(auctionId), 'lot')
  const recent = api.lots.events(auctionId).slice(-recentCount)
  return {
    type: 'snapshot',
    auctionId,
    epoch: record.epoch,
    seq: record.auction.seq,
    auction: encodeAuction(record, Date.now()),
    recent: recent.map((event) => encodeEvent(event, record.auction.currency)),
  }
}

function eventsOf(api: StubApi, auctionId: string, prevSeq: number): Down {
  const record = must(api.lots.record(auctionId), 'lot')
  const events = api.lots.events(auctionId).slice(prevSeq)
  return {
    type: 'events',
    auctionId,
    epoch: record.epoch,
    prevSeq,
    seq: record.auction.seq,
    events: events.map((event) => encodeEvent(event, record.auction.currency)),
    auction: encodeAuction(record, Date.now()),
  }
}
