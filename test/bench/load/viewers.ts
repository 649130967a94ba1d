import { sleep } from '../../../src/lib/clock.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import type { Pace } from '../pace.ts'
import { openBidderSocket, type Seat } from './bidder-socket.ts'
import type { Acknowledged } from './bidders.ts'
import { type FrameSocket, openFrameSocket } from './frame-socket.ts'
import { createFrameMemory, type Heard } from './viewer-frames.ts'

export interface Audience {
  readonly url: string
  readonly auctionId: string
  readonly count: number
  /** Bids in the room; without, everybody only watches. */
  readonly bidder?: Seat
  /** Bid ids begin with it. */
  readonly name: string
}

/** `count` is of deliveries, a bid to a viewer each; a latency is from the sending of a bid to its last viewer. */
export interface FanOutRun extends Pace {
  readonly bids: number
  /** Snapshots sent in place of events that a viewer was too slow for. */
  readonly conflated: number
  /** Viewers who had not heard of the last bid when we stopped waiting. */
  readonly behind: number
  readonly unknown: number
  readonly acknowledged: readonly Acknowledged[]
  /** One frame of events as it was sent, for whoever wants to send the same. */
  readonly frame: { readonly text: string; readonly bidId: string } | undefined
}

const openAtOnce = 50
const perAddressMax = 2_000
const catchUpMs = 15_000
const lookEveryMs = 20

interface Sent {
  readonly atMs: number
  delivered: number
  lastMs: number
}

/** People who watch one auction, each by a socket of his own, and somebody who bids there at a steady pace. */
export async function openViewers(audience: Audience) {
  const newest: string[] = []
  const sent = new Map<string, Sent>()
  const hear = createFrameMemory()
  let conflated = 0
  let lastEvents: Heard | undefined
  const note = (viewer: number, heard: Heard) => {
    newest[viewer] = heard.bidIds.at(-1) ?? newest[viewer] ?? ''
    if (heard.kind === 'snapshot') conflated++
    if (heard.kind !== 'events') return
    lastEvents = heard
    for (const bidId of heard.bidIds) {
      const bid = sent.get(bidId)
      if (bid === undefined) continue
      bid.delivered++
      bid.lastMs = performance.now()
    }
  }
  const sockets = await openAll(audience, (viewer, payload) => note(viewer, hear(payload)))
  const bidder = audience.bidder && (await openBidderSocket(audience.bidder))
  let step = 0

  return {
    async follow(order: { ms: number; everyMs: number }): Promise<FanOutRun> {
      if (bidder === undefined) throw new Error('nobody bids here')
      sent.clear()
      conflated = 0
      const startMs = performance.now()
      const answers: Promise<Acknowledged | undefined>[] = []
      for (let dueMs = startMs; performance.now() < startMs + order.ms; dueMs += order.everyMs) {
        const { auctionId } = audience
        const bidId = `${audience.name}-${String(++step).padStart(8, '0')}`
        const bid = { auctionId, bidId, amount: `${1_000_000 + step}.00` }
        sent.set(bidId, { atMs: performance.now(), delivered: 0, lastMs: 0 })
        answers.push(
          bidder
            .bid(bid)
            .then((told) => (told?.outcome === 'accepted' ? { ...bid, seq: told.seq } : undefined)),
        )
        await sleep(systemClock, Math.max(0, dueMs + order.everyMs - performance.now()))
      }
      const told = await Promise.all(answers)
      const acknowledged = told.filter((answer) => answer !== undefined)
      const lastId = acknowledged.at(-1)?.bidId
      const isBehind = () => newest.filter((bidId) => bidId !== lastId).length
      const giveUpMs = performance.now() + catchUpMs
      while (isBehind() > 0 && performance.now() < giveUpMs) await sleep(systemClock, lookEveryMs)
      const unknown = told.length - acknowledged.length
      const bids = [...sent.values()]
      const frame = lastEvents && { text: lastEvents.text, bidId: lastEvents.bidIds[0] ?? '' }
      return {
        ...paceOf(bids, audience.count, startMs),
        ...{ bids: bids.length, conflated, behind: isBehind(), unknown, acknowledged, frame },
      }
    },
    async close() {
      for (const socket of sockets) socket.close()
      bidder?.close()
    },
  }
}

function paceOf(bids: readonly Sent[], viewers: number, startMs: number): Pace {
  const whole = bids.filter(({ delivered }) => delivered === viewers)
  const endMs = Math.max(startMs, ...bids.map(({ lastMs }) => lastMs))
  return {
    count: bids.reduce((total, { delivered }) => total + delivered, 0),
    tookMs: endMs - startMs,
    latenciesMs: Float64Array.from(whole.map(({ atMs, lastMs }) => lastMs - atMs)),
  }
}

/** Resolves when each has had its first snapshot. */
async function openAll(
  { url, auctionId, count }: Audience,
  heard: (viewer: number, payload: Buffer) => void,
): Promise<FrameSocket[]> {
  const open = async (viewer: number): Promise<FrameSocket> => {
    let begun: (() => void) | undefined
    const hasBegun = new Promise<void>((resolve) => (begun = resolve))
    const socket = await openFrameSocket({
      url: `${url.replace(/^http/, 'ws')}/ws`,
      localAddress: `127.0.0.${2 + Math.floor(viewer / perAddressMax)}`,
      onText(payload) {
        if (begun !== undefined && payload.includes('"snapshot"')) {
          begun()
          begun = undefined
        } else heard(viewer, payload)
      },
    })
    socket.send(JSON.stringify({ type: 'subscribe', auctionId }))
    await hasBegun
    return socket
  }
  const sockets: FrameSocket[] = []
  for (let at = 0; at < count; at += openAtOnce) {
    const length = Math.min(openAtOnce, count - at)
    sockets.push(...(await Promise.all(Array.from({ length }, (_, n) => open(at + n)))))
  }
  return sockets
}
