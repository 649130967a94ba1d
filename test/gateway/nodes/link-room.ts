import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocket } from 'ws'
import type {
  Forwarded,
  ForwardedAnswer,
  ForwardedAnswers,
  ForwardedBids,
  NodeAddress,
} from '../../../src/engine/forwarding.ts'
import { createNodeEntrance } from '../../../src/gateway/nodes/entrance.ts'
import { createNodeLinks } from '../../../src/gateway/nodes/links.ts'
import type { SecurityEvent, SecurityFacts } from '../../../src/gateway/security-log.ts'
import type { Log } from '../../../src/lib/log.ts'
import { silentMetrics } from '../../../src/lib/metrics.ts'
import { eventually } from '../../support/eventually.ts'
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts'

export const auctionId = '01JAAAAAAAAAAAAAAAAAAAAAAA'

let bidCount = 0
/** Bids of one bidder for one auction, under the holder's key. */
export function bidsOf(...amounts: number[]): ForwardedBids {
  const bidder = { id: 'p1', name: 'Ada' }
  const bids = amounts.map((amountMinor) => ({
    ...{ bidId: `bid-${++bidCount}`, bidder, amountMinor },
    at: 1_760_000_000_000.5,
  }))
  return { auctionId, lockKey: `locks/${auctionId}/s1~u1`, bids }
}

export const acceptanceOf = (bidId: string, amountMinor: number): ForwardedAnswer => ({
  outcome: {
    ...{ outcome: 'accepted', bidId, amountMinor },
    ...{ seq: 7, at: 1_760_000_000_001, minimumNextBidMinor: amountMinor + 1, endsAt: 2e12 },
  },
  timing: { waitedMs: 0.25, lockMs: 0, commitMs: 3.5, batchSize: 4 },
})

export const acceptAll = async ({ bids }: ForwardedBids): Promise<ForwardedAnswers> =>
  bids.map(({ bidId, amountMinor }) => acceptanceOf(bidId, amountMinor))

export const passOf = (sessionId: string) => `pass-for-${sessionId}`.padEnd(43, '-')
const openDoor = { address: '127.0.0.9' }

interface Logged {
  readonly fields: object
  readonly message: string
}

/** A node that takes forwarded bids on a free port. */
export interface Holder {
  readonly address: NodeAddress
  readonly port: number
  /** What its engine was given, in order. */
  readonly taken: ForwardedBids[]
  readonly logged: Logged[]
  /** In place of accepting all. */
  deciding: (bids: ForwardedBids) => Promise<ForwardedAnswers>
  sessionId: string
  isDraining: boolean
  /** Security events that it noted. */
  readonly noted: [SecurityEvent, SecurityFacts][]
  /** Whether those who came in may stay. */
  accepts: () => Promise<boolean>
  /** Its answers to the question whether a pass is good. */
  isPass: (pass: string, sessionId: string) => Promise<boolean>
  readonly clock: ManualClock
  drain(): void
  /** Cuts all connections. */
  cut(): void
  stop(): Promise<void>
}

export async function startHolder(): Promise<Holder> {
  const clock = createManualClock()
  const [taken, logged]: [ForwardedBids[], Logged[]] = [[], []]
  const noted: Holder['noted'] = []
  const connections = new Set<Socket>()
  const server = createServer()
  const entrance = createNodeEntrance({
    ...{ clock, log: logInto(logged), metrics: silentMetrics, nodeId: 'holder' },
    ownSessionId: () => holder.sessionId,
    isDraining: () => holder.isDraining,
    hosts: { isOurs: () => true },
    passes: {
      admits: async (pass, { to }) => ((await holder.isPass(pass, to)) ? 1 : undefined),
      accepts: () => holder.accepts(),
    },
    addresses: { of: () => openDoor.address, isTrusted: () => false, isFromProxy: () => false },
    security: { note: (event, facts) => void noted.push([event, facts]) },
    bidding: {
      takeForwarded(bids) {
        taken.push(bids)
        return holder.deciding(bids)
      },
    },
  })
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  server.on('upgrade', entrance.onUpgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const holder: Holder = {
    get address() {
      const { sessionId } = holder
      return { nodeId: 'holder', sessionId, url: `http://127.0.0.1:${port}` }
    },
    ...{ port, taken, logged, noted, clock },
    accepts: async () => true,
    deciding: acceptAll,
    sessionId: 's1',
    isDraining: false,
    isPass: async (pass, sessionId) => pass === passOf(sessionId),
    drain: () => entrance.drain(),
    cut() {
      for (const socket of connections) socket.destroy()
    },
    async stop() {
      entrance.stop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return holder
}

export function logInto(logged: Logged[]): Log {
  const note = (fields: object, message: string) => void logged.push({ fields, message })
  return { debug: note, info: note, warn: note, error: note }
}

/** A node that forwards. */
export function startAsker(
  over: { pass?: (to: string, from: string) => Promise<string>; tls?: { ca: Buffer } } = {},
) {
  const clock = createManualClock()
  const logged: Logged[] = []
  const links = createNodeLinks({
    ...{ clock, log: logInto(logged), metrics: silentMetrics },
    pass: over.pass ?? (async (sessionId) => passOf(sessionId)),
    ownSessionId: () => 's0',
    tls: over.tls,
  })
  return {
    ...{ clock, logged, links },
    /** Forwards, and connects first if need be. */
    async connect(to: NodeAddress): Promise<void> {
      await eventually(
        async () => (await links.forward(to, bidsOf(1), 5_000)).kind === 'answered',
        { everyMs: 2 },
      )
    },
  }
}

export const kindOf = async (forwarded: Promise<Forwarded>) => (await forwarded).kind

export interface RawLink {
  readonly frames: unknown[]
  readonly closed: { code: number; reason: string } | undefined
  send(frame: string | Buffer): void
  terminate(): void
}

export const goodHeaders = (holder: Holder, from = 'raw'): Record<string, string> => ({
  authorization: `Bearer ${passOf(holder.sessionId)}`,
  'x-lotkeeper-to': holder.sessionId,
  'x-lotkeeper-from': from,
})

/**
 * What somebody sends who is no node of ours.
 * @throws the status and the problem where it is refused
 */
export async function openRawLink(
  port: number,
  headers: Record<string, string>,
  protocols: string[] = ['lotkeeper.node.v1'],
): Promise<RawLink> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/nodes`, protocols, { headers })
  const frames: unknown[] = []
  let closed: RawLink['closed']
  socket.on('message', (bytes: Buffer) => frames.push(JSON.parse(bytes.toString())))
  socket.on('close', (code, reason) => (closed = { code, reason: reason.toString() }))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (bytes: Buffer) => (body += bytes.toString()))
      response.on('end', () => {
        const { code, detail } = JSON.parse(body) as { code: string; detail: string }
        reject(new Error(`${response.statusCode} ${code}: ${detail}`))
      })
    })
  })
  socket.on('error', () => undefined)
  return {
    frames,
    get closed() {
      return closed
    },
    send: (frame) => socket.send(frame),
    terminate: () => socket.terminate(),
  }
}
