import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createEngine, type RunningEngine } from '../engine/create-engine.ts'
import { createFeedEncoder } from '../gateway/encode/feed.ts'
import { createGateway } from '../gateway/gateway.ts'
import { createNodeLinks } from '../gateway/nodes/links.ts'
import { asError, sleep } from '../lib/clock.ts'
import { systemEntropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { systemClock } from '../lib/system-clock.ts'
import { protocolLimits } from '../protocol/limits.ts'
import type { MemoryWorld } from '../store/memory/world.ts'
import type { MeasureStore } from '../store/size.ts'
import type { Store } from '../store/store.ts'
import { checkNodeId, freshNodeId, type NodeConfig } from './config.ts'
import { readClusterName } from './cluster-name.ts'
import { doorOf } from './door.ts'
import { readGeneration } from './generation.ts'
import { createLogger } from './logger.ts'
import { type OpenedStore, openStore } from './open-store.ts'
import { accessOf, exposureOf } from './store-access.ts'
import { parseStoreAddress } from './store-address.ts'
import { createPrometheusMetrics } from './prometheus.ts'
import { version } from './version.ts'

export interface RunningNode {
  readonly nodeId: string
  readonly url: string
  readonly wsUrl: string
  readonly store: Store['kind']
  /**
   * Refuses new work, hands over leadership and locks, moves its clients away, ends its session. Never throws.
   * Abruptly: cuts the clients off first, without a word.
   */
  stop(how?: 'abruptly'): Promise<void>
}

export interface NodeParts {
  /** Several nodes of one process may share one memory store. */
  memoryWorld?: MemoryWorld
  log?: Log
  /** Around the opened store, for tests that count or disturb its calls. */
  wrapStore?: (store: Store) => Store
  /** In place of the store's own. */
  measure?: MeasureStore
  /** How often it is measured; 10 s without. */
  measureEveryMs?: number
}

const readyWaitMsMax = 15_000
const dayMs = 86_400_000
const webFolder = fileURLToPath(new URL('../../frontend', import.meta.url))

/**
 * Starts one node and resolves when it serves. Read this to know the system: everything is made here, top to bottom, and undone
 * by `stop` in the reverse order.
 * @throws BadConfig, or the store's error when it cannot be opened
 */
export async function startNode(config: NodeConfig, parts: NodeParts = {}): Promise<RunningNode> {
  const nodeId = config.nodeId === undefined ? freshNodeId() : checkNodeId(config.nodeId)
  const log = parts.log ?? (await createLogger({ level: config.logLevel, nodeId }))
  const base = { clock: systemClock, entropy: systemEntropy, log, nodeId, ...timingOf(config) }
  const metrics = createPrometheusMetrics((target) => noteStore(target, store))
  const opened = await openNodeStore(config, { ...base, metrics }, parts)
  const store = parts.wrapStore?.(opened.store) ?? opened.store
  try {
    const clusterName = await readClusterName(store, systemEntropy)
    let url = config.advertiseUrl ?? ''
    let isDraining = false
    const ownSessionId = () => store.session.id
    const pass = (to: string, from: string) => engine.nodes.pass({ to, from })
    const linkDeps = { ...base, metrics, pass, ownSessionId, tls: config.linkTls }
    const links = config.forwardBids ? createNodeLinks(linkDeps) : undefined
    const engine: RunningEngine = createEngine({
      ...base,
      store,
      metrics,
      generation: await readGeneration(store, opened.wasCleanStop),
      liveLimits: { ...protocolLimits, ...config.limits },
      sessionIdleMs: config.sessionIdleDays * dayMs,
      encoder: createFeedEncoder({ now: () => engine.time.now() ?? systemClock.wallMs(), metrics }),
      presence: () => ({ url, linkUrl: config.linkUrl, pid: process.pid, version }),
      measure: parts.measure ?? opened.measure,
      measureEveryMs: parts.measureEveryMs,
      ...(opened.survey && { survey: opened.survey }),
      ...(links && { links }),
    })
    const gateway = createGateway({
      ...base,
      ...{ engine, metrics, version, clusterName },
      metricsText: () => metrics.text(),
      ...(existsSync(webFolder) ? { webFolder } : {}),
      ownUrl: () => url,
      ...doorOf(config, base),
      isDraining: () => isDraining,
      forwarding: links && { bidding: engine.bidding, ownSessionId },
    })
    const { port } = await gateway.listen(config)
    if (url === '') url = boundUrl(config, port)
    await engine.start()
    await untilReady(engine)
    return {
      nodeId,
      url,
      wsUrl: `${url.replace(/^http/, 'ws')}/ws`,
      store: store.kind,
      async stop(how) {
        isDraining = true
        try {
          await (how === 'abruptly' ? gateway.close() : gateway.drain())
          await engine.stop()
          links?.close()
          await gateway.close()
        } catch (error) {
          log.error({ error: asError(error) }, 'stopping went wrong')
        }
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** A node that is new in a cluster needs a beacon or two before it has the time; one that waits for longer serves its pages. */
async function untilReady(engine: RunningEngine): Promise<void> {
  const giveUpAtMs = systemClock.monotonicMs() + readyWaitMsMax
  while (!engine.isReady && systemClock.monotonicMs() < giveUpAtMs) await sleep(systemClock, 20)
}

function timingOf({ sessionTimeoutMs, closeGraceMs, lockPatienceMs }: NodeConfig) {
  return { sessionTimeoutMs, closeGraceMs, lockPatienceMs }
}

function openNodeStore(
  config: NodeConfig,
  options: Parameters<typeof openStore>[1],
  { memoryWorld }: NodeParts,
): Promise<OpenedStore> {
  const credentials = config.storeCredentials
  const address = parseStoreAddress(config.store)
  const exposure = exposureOf(address, accessOf(address, credentials))
  if (exposure !== undefined) options.log.warn({ exposure }, 'the way to the store is not secured')
  const bytesMax = config.storeBytesMax
  return openStore(config.store, { ...options, credentials, bytesMax }, memoryWorld)
}

/** A wildcard is no address to call. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function noteStore(metrics: Metrics, store: Store): void {
  const { watchCount, ephemeralCount, isFull } = store.health()
  const now = isFull === true ? 'full' : store.session.state
  for (const state of ['serving', 'suspended', 'lost', 'full']) {
    metrics.gauge('store_state', now === state ? 1 : 0, { state })
  }
  metrics.gauge('watches', watchCount)
  metrics.gauge('ephemerals', ephemeralCount)
}

function boundUrl({ host, tls }: NodeConfig, port: number): string {
  return `${tls === undefined ? 'http' : 'https'}://${shownHost(host)}:${port}`
}
