import {
  createEngine,
  type EngineDeps,
  type RunningEngine,
} from '../../src/engine/create-engine.ts'
import { permanentRoots } from '../../src/engine/keyspace.ts'
import { createAddresses } from '../../src/gateway/addresses.ts'
import { createFeedEncoder } from '../../src/gateway/encode/feed.ts'
import type { ForwardedBids } from '../../src/engine/forwarding.ts'
import { createSessionCookies } from '../../src/gateway/cookie.ts'
import { createHttpApp } from '../../src/gateway/http/app.ts'
import { createIdentity } from '../../src/gateway/identity.ts'
import { createOperator } from '../../src/gateway/operator.ts'
import { silentSecurityLog } from '../../src/gateway/security-log.ts'
import { createHosts } from '../../src/gateway/hosts.ts'
import { createOrigins } from '../../src/gateway/origins.ts'
import type { Rates } from '../../src/gateway/rate.ts'
import { createSockets } from '../../src/gateway/ws/sockets.ts'
import { sleep } from '../../src/lib/clock.ts'
import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import type { Log } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { Session, Store } from '../../src/store/store.ts'
import { type AppAnswer, askApp } from './ask-app.ts'
import type { Network } from './network.ts'
import type { SimProcess } from './process.ts'
import type { SimStore } from './sim-store.ts'

/** One incarnation of a node: the engine, its HTTP app and its sockets as the program has them, on simulated clocks and ways. */
export interface SimNode {
  readonly nodeId: string
  readonly url: string
  readonly process: SimProcess
  readonly engine: RunningEngine
  /** As this node last saw it: whoever asks its store moves the node. */
  readonly session: Session
  /** Asks its HTTP app without any network between. */
  get(path: string): Promise<{ status: number; body: unknown }>
  /** SIGTERM. Resolves when it has left. */
  stop(): Promise<void>
  /** kill -9. `isTold`: whoever is connected hears of it at once. */
  kill(isTold: boolean): void
}

/** For bugs that tests plant, and for runs without the lock. */
export interface SpoiltParts {
  wrapStore?: (store: Store, context: { nodeId: string; entropy: Entropy }) => Store
  engine?: (deps: EngineDeps) => Partial<EngineDeps>
}

export interface SimTiming {
  readonly sessionTimeoutMs: number
  readonly closeGraceMs: number
  readonly lockPatienceMs: number
}

/** Counting requests per second is not what is simulated, and its clock is the machine's. */
const noRates: Rates = { take: () => undefined, charge: () => undefined, waitMs: () => 0 }

export function startSimNode(deps: {
  nodeId: string
  seed: number
  process: SimProcess
  network: Network
  store: SimStore
  timing: SimTiming
  log: Log
  metrics: Metrics
  spoilt: SpoiltParts
}): SimNode {
  const { nodeId, process, network, timing, log, metrics, spoilt } = deps
  const { clock } = process
  const entropy = seededEntropy(deps.seed)
  const url = `http://${nodeId}:80`
  const origin = new URL(url).origin
  const base = { clock, entropy, log, metrics, nodeId }
  const opened = openMemoryStore({ ...base, ...timing, permanentRoots, world: deps.store.world })
  let session = opened.session
  let silentSinceMs: number | undefined
  const claim = (now: Session) => {
    session = now
    deps.store.claim(now.id, nodeId)
    if (now.state !== 'serving') silentSinceMs ??= deps.store.nowMs()
    else if (silentSinceMs !== undefined) {
      deps.store.silences.push({ nodeId, fromMs: silentSinceMs, toMs: deps.store.nowMs() })
      silentSinceMs = undefined
    }
  }
  claim(session)
  opened.onSessionChange(claim)
  const store = spoilt.wrapStore?.(opened, { nodeId, entropy }) ?? opened
  let isDraining = false
  const engineDeps: EngineDeps = {
    ...{ ...base, ...timing, store },
    generation: 0,
    encoder: createFeedEncoder({ now: () => engine.time.now() ?? clock.wallMs(), metrics }),
    presence: () => ({ url: origin, pid: 1, version: '0' }),
    links: network.linksOf(process),
  }
  const engine: RunningEngine = createEngine({ ...engineDeps, ...spoilt.engine?.(engineDeps) })
  const urls = () => [origin, ...engine.cluster.memberUrls()]
  const hosts = createHosts({ urls, allowHosts: [] })
  const gatewayDeps = {
    ...{ ...base, engine },
    metricsText: async () => ({ contentType: 'text/plain', body: '' }),
    version: '0',
    clusterName: 'sim',
    cookies: createSessionCookies({
      clusterName: 'sim',
      isSecure: () => false,
      ownUrl: () => origin,
    }),
    ownUrl: () => origin,
    allowOrigins: [],
    allowHosts: [],
    behindTls: false,
    hosts,
    isSecure: () => false,
    limits: protocolLimits,
    addresses: createAddresses([]),
    security: silentSecurityLog,
    operator: createOperator(undefined),
    isDraining: () => isDraining,
    rates: noRates,
    identity: createIdentity({
      ...{ clock, rates: noRates, security: silentSecurityLog },
      guests: engine.guests,
    }),
    origins: createOrigins({
      hosts,
      ownUrl: () => origin,
      allowOrigins: [],
      memberUrls: () => engine.cluster.memberUrls(),
    }),
  }
  const sockets = createSockets(gatewayDeps)
  const app = createHttpApp({ ...gatewayDeps, onBody: () => undefined })
  const listener = {
    process,
    accept: sockets.accept.bind(sockets),
    // Another incarnation's pass is not good here; while we leave, nothing is taken.
    takeForwarded: async (sessionId: string, forwarded: ForwardedBids) =>
      sessionId === session.id && !isDraining
        ? engine.bidding.takeForwarded(forwarded)
        : forwarded.bids.map(() => null),
    answer: (call: Parameters<typeof askApp>[1]): Promise<AppAnswer> => askApp(app, call),
  }
  network.listen(origin, listener)
  void engine.start().catch(() => undefined)
  return {
    nodeId,
    url: origin,
    process,
    engine,
    get session() {
      return session
    },
    async get(path) {
      const call = { method: 'GET', path, headers: {}, body: undefined, address: 'finale' }
      const { status, text } = await askApp(app, call)
      return { status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
    },
    async stop() {
      isDraining = true
      await sockets.drain()
      await engine.stop()
      sockets.stop()
      await opened.close()
      // What was under way ends first.
      await sleep(clock, 1)
      process.kill()
      network.died(origin, true)
    },
    kill(isTold) {
      process.kill()
      network.died(origin, isTold)
    },
  }
}
