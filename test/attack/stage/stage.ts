import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../src/ensemble/free-port.ts'
import { startCluster } from '../../faults/cluster.ts'
import { createNodeProcess, type NodeProcess } from '../../faults/node-process.ts'
import { settled } from './footprint.ts'
import { createHaproxy } from './haproxy.ts'
import { createNodeView, doorOf, type NodeView } from './node-view.ts'
import { createPeople, type People } from './people.ts'
import type { Door } from './wire.ts'

export type StageKind = 'embedded' | 'zookeeper' | 'etcd'

/** Nodes of the program as it is shipped, to be attacked; all of them processes of this run, on this machine. */
export interface Stage extends People {
  readonly kind: StageKind
  readonly isThroughProxy: boolean
  readonly nodes: readonly NodeProcess[]
  readonly views: readonly NodeView[]
  /** The first node, and what is seen of it. */
  readonly node: NodeProcess
  readonly view: NodeView
  /** Where strangers come in: the proxy, or the first node. */
  readonly door: Door
  doorOf(index: number): Door
  /** Of the store; undefined on `embedded`, which only its node may open. */
  readonly storeUrl: string | undefined
  /** Not the whole of an attack: for `npm test`. */
  readonly isShort: boolean
  /** /healthz has to answer within this, all along. */
  readonly healthMsMax: number
  /** What the nodes run. */
  readonly program: string
  /** The nodes' own folder, which no stranger should learn. */
  readonly folder: string
  /** Kills the nodes and starts them anew, on a store without anything in it. */
  renew(): Promise<void>
  stop(): Promise<void>
}

export interface StageOptions {
  readonly kind: StageKind
  readonly program: string
  /** Logs and data go there. */
  readonly folder: string
  readonly isThroughProxy?: boolean
  readonly isShort?: boolean
  readonly nodeCount?: number
  readonly flags?: readonly string[]
  readonly inside?: readonly string[]
}

export const operatorToken = 'operator-of-the-attacked-nodes'
const sessionTimeoutMs = 6_000
/** A machine that runs many tests at once is slow; there only that there is an answer counts. */
const healthMs = { long: 1_000, short: 8_000 }

interface House {
  readonly nodes: readonly NodeProcess[]
  readonly storeUrl: string | undefined
  stop(): Promise<void>
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { kind, isThroughProxy = false, isShort = false } = options
  const proxyPort = isThroughProxy ? await freePort() : undefined
  const flags = [
    ...['--operator-token', operatorToken],
    ...(proxyPort === undefined
      ? []
      : ['--trusted-proxy', '127.0.0.1', '--allow-origin', `http://127.0.0.1:${proxyPort}`]),
    ...(options.flags ?? []),
  ]
  const open = () => openHouse({ ...options, flags })
  const openProxy = async (house: House) => {
    if (proxyPort === undefined) return undefined
    const nodeUrls = house.nodes.map(({ url }) => url)
    const proxy = createHaproxy({ port: proxyPort, nodeUrls, folder: options.folder })
    await proxy.start()
    return proxy
  }
  let house = await open()
  let proxy = await openProxy(house)
  const viewAll = () =>
    house.nodes.map((node, at) => createNodeView(node, operatorToken, `127.9.0.${at + 1}`))
  let views = viewAll()
  const settle = async () => {
    for (const view of views) await settled(view)
  }
  await settle()
  const doorAt = (index: number) => doorOf(house.nodes[index]!.url)
  const door = () => (proxyPort === undefined ? doorAt(0) : { host: '127.0.0.1', port: proxyPort })
  const people = createPeople(door)
  const close = async () => {
    people.leave()
    await proxy?.kill()
    await house.stop()
  }
  return {
    ...people,
    ...{ kind, isThroughProxy, isShort },
    healthMsMax: isShort ? healthMs.short : healthMs.long,
    ...{ folder: options.folder, program: options.program },
    get nodes() {
      return house.nodes
    },
    get views() {
      return views
    },
    get node() {
      return house.nodes[0]!
    },
    get view() {
      return views[0]!
    },
    get door() {
      return door()
    },
    get storeUrl() {
      return house.storeUrl
    },
    doorOf: doorAt,
    async renew() {
      await close()
      house = await open()
      proxy = await openProxy(house)
      views = viewAll()
      await settle()
    },
    stop: close,
  }
}

/** A second node on an embedded store would be refused. */
async function openHouse(options: StageOptions & { flags: readonly string[] }): Promise<House> {
  const { kind, program, flags, inside, nodeCount = 3 } = options
  const folder = mkdtempSync(join(options.folder, `${kind}-`))
  const common = { program, sessionTimeoutMs, folder, flags, ...(inside && { inside }) }
  if (kind !== 'embedded') {
    const cluster = await startCluster({ ...common, kind, nodeCount, storeSize: 1 })
    return { nodes: cluster.nodes, storeUrl: cluster.storeUrl, stop: () => cluster.stop() }
  }
  const store = `embedded:${join(folder, 'data')}`
  const node = await createNodeProcess({ ...common, nodeId: 'n1', store })
  await node.start()
  return { nodes: [node], storeUrl: undefined, stop: () => node.kill() }
}
