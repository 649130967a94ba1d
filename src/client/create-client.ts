import { must } from '../lib/assert.ts'
import { silentLog } from '../lib/log.ts'
import type { Down } from '../protocol/down.ts'
import type { ClusterJson, SecretRotationJson, TimeJson } from '../protocol/http.ts'
import { createAuctionCalls } from './auctions.ts'
import { createBidRoute } from './bid-route.ts'
import { createBidding } from './bidding.ts'
import type { Client, ClientLimits, ClientOptions } from './client.ts'
import { type ClockEstimate, createClockEstimate } from './clock-estimate.ts'
import { createConnection } from './connection.ts'
import { type ConnectionStatus, createConnectionStatus } from './connection-status.ts'
import { Refused } from './errors.ts'
import { createHttpCaller, type HttpCaller } from './http-caller.ts'
import { createHttpExchange, type HttpExchange } from './http-exchange.ts'
import { clientLimits } from './limits.ts'
import { createNodeList, type NodeList } from './node-list.ts'
import { createReconnect } from './reconnect.ts'
import { createSecondOpinion } from './second-opinion.ts'
import { createSessionCalls, type Token } from './session.ts'
import { createSocketBids, type SocketBids } from './socket-bids.ts'
import { createSocketKeeper, type SocketKeeper } from './socket-keeper.ts'
import { openLink } from './socket-link.ts'
import { createUpkeep, learnFrom } from './upkeep.ts'
import { createWatches, type Watches } from './watches.ts'

/** The parts that all share, made first. */
interface Base {
  options: ClientOptions
  limits: ClientLimits
  token: Token
  nodes: NodeList
  estimate: ClockEstimate
  exchange: HttpExchange
  http: HttpCaller
  status: ConnectionStatus
}

export function createClient(options: ClientOptions): Client {
  const { clock, entropy } = options
  const watches: Watches = createWatches({
    send: (frame) => socket.keeper.send(frame),
    onCount: (count) => (count > 0 ? socket.keeper.want() : socket.keeper.release()),
    auctionsMax: options.limits?.watchesMax ?? clientLimits.watchesMax,
    log: options.log ?? silentLog,
  })
  const base = createBase(options, watches)
  const { http, nodes, limits, status, token, exchange, estimate } = base
  const socket = createSocket(base, watches)
  const preferred = () => preferredUrl(status)
  const sendCopy = createBidRoute({
    socket: socket.keeper,
    socketBids: socket.bids,
    ...{ exchange, nodes, preferred, clock, limits },
  })
  const bidding = createBidding({ sendCopy, clock, entropy, limits })
  return {
    session: createSessionCalls({
      ...{ http, token },
      onToken: () => socket.keeper.tokenChanged(token.value),
      isKnown: () => status.facts.user !== undefined,
      askHome: (path) =>
        exchange.send(homeOf(nodes), { method: 'POST', path }, limits.callTimeoutMs),
    }),
    auctions: createAuctionCalls(http, entropy),
    connection: createConnection(status, nodes, () => socket.keeper.retryNow()),
    clock: {
      offsetMs: () => {
        const nowMs = estimate.at(clock.monotonicMs())
        return nowMs === undefined ? undefined : nowMs - clock.wallMs()
      },
      rttMs: () => estimate.rttMs(),
      now: () => estimate.at(clock.monotonicMs()) ?? clock.wallMs(),
    },
    async cluster() {
      const cluster = await http.call<ClusterJson>({ method: 'GET', path: '/cluster' })
      learnFrom(nodes, cluster)
      return cluster
    },
    rotateSecret: () =>
      http.call<SecretRotationJson>({ method: 'POST', path: '/cluster/secret/rotate' }),
    time: () => http.call<TimeJson>({ method: 'GET', path: '/time' }),
    bid: (bid) => bidding.bid(bid),
    watch: (auctionId, onUpdate, watchOptions = {}) =>
      watches.add(auctionId, onUpdate, watchOptions),
    close() {
      bidding.close()
      socket.close()
    },
  }
}

function createBase(options: ClientOptions, watches: Watches): Base {
  const { clock, entropy, fetch } = options
  const limits = { ...clientLimits, ...options.limits }
  const token: Token = { value: options.token }
  const nodes = createNodeList(options.urls, { ...limits, entropy })
  const exchange = createHttpExchange({ fetch, clock, token: () => token.value })
  const status = createConnectionStatus(clock, () => watches.positions())
  const preferred = () => preferredUrl(status)
  const http = createHttpCaller({ exchange, nodes, preferred, clock, entropy, limits })
  return { options, limits, token, nodes, estimate: createClockEstimate(), exchange, http, status }
}

function createSocket(base: Base, watches: Watches) {
  const { options, limits, token, nodes, estimate, exchange, http, status } = base
  const { clock, entropy, WebSocket } = options
  const log = options.log ?? silentLog
  const tokenInForce = () => token.value
  const bids: SocketBids = createSocketBids({ send: (frame) => keeper.send(frame), clock })
  const upkeep = createUpkeep({ exchange, nodes, nudge: () => watches.nudge(), clock, limits, log })
  const onOtherServes = () => keeper.leave('paused')
  const opinion = createSecondOpinion({ exchange, nodes, clock, limits, onOtherServes })
  const onFrame = (frame: Down) => {
    if (frame.type === 'outcome') bids.heard(frame)
    else if (frame.type === 'paused') {
      status.paused(frame.reason)
      if (status.facts.url !== undefined) opinion.seek(status.facts.url)
    } else if (frame.type === 'resumed') {
      opinion.drop()
      status.paused(undefined)
    } else watches.heard(frame)
  }
  const reconnect = createReconnect({ nodes, entropy, limits })
  const keeper: SocketKeeper = createSocketKeeper(
    {
      open: (url, link) =>
        openLink({ WebSocket, clock, estimate, limits }, { url, token: tokenInForce }, link),
      ...{ reconnect, status, clock, log },
    },
    {
      onFrame,
      onWelcome(url, welcome, isNew) {
        nodes.answered(url, welcome.nodeId)
        status.live(url, welcome)
        if (!isNew) return
        upkeep.start(url)
        watches.resubscribe()
      },
      onLost(advice) {
        upkeep.stop()
        opinion.drop()
        bids.lostAll()
        if (advice === 'no-such-auction') void endMissing(watches, http)
      },
    },
  )
  const close = () => {
    upkeep.stop()
    opinion.drop()
    keeper.close()
    bids.lostAll()
  }
  return { bids, keeper, close }
}

/** The node closed because something that we watch does not exist: find out what, by asking. */
async function endMissing(watches: Watches, http: HttpCaller): Promise<void> {
  for (const auctionId of watches.unconfirmed()) {
    try {
      await http.call({ method: 'GET', path: `/auctions/${encodeURIComponent(auctionId)}` })
    } catch (error) {
      if (error instanceof Refused && error.status === 404) watches.endAll(auctionId)
    }
  }
}

/** The first of the given URLs: of a page the one that served it. */
function homeOf(nodes: NodeList): string {
  return must(nodes.urls[0], 'URL of a node')
}

/** The node whose socket serves us, so that what we read by HTTP is not older than what we saw. */
function preferredUrl(status: ConnectionStatus): string | undefined {
  return status.facts.state === 'live' ? status.facts.url : undefined
}
