import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Ensemble, EnsembleMember } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { must } from '../../src/lib/assert.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import type { BackendKind } from '../support/backends.ts'
import { type Links, startLinkHouse } from './links.ts'
import { type Cable, layCable } from './namespaces.ts'
import { createNodeProcess, type NodeProcess } from './node-process.ts'
import { mountDisk, type StoreDisk } from './store-disk.ts'
import { buildStoreNetwork, type StoreNetwork } from './store-network.ts'

/** An ensemble of three servers and the nodes on it, all of them processes that can be killed and stopped. */
export interface Cluster {
  readonly storeUrl: string
  readonly nodes: readonly NodeProcess[]
  readonly storeMembers: readonly EnsembleMember[]
  /** The way from a node to the store, to be broken. @throws in a cluster without links */
  links(nodeId: string): Links
  /** The way from other nodes to this one. @throws in a cluster without links */
  nodeLinks(nodeId: string): Links
  /** What joins a node's network to the machine's. @throws in a cluster without cables */
  cable(nodeId: string): Cable
  /** What joins the store's servers. @throws in a cluster that has none of its own */
  storeNetwork(): StoreNetwork
  /** What a store server keeps its data on, counted from 1. @throws in a cluster without such disks */
  disk(id: number): StoreDisk
  node(nodeId: string): NodeProcess
  upNodes(): NodeProcess[]
  /** The server that leads the ensemble, or one that does not. */
  storeMember(role: 'leader' | 'follower'): Promise<EnsembleMember>
  stop(): Promise<void>
}

const storeSizeDefault = 3
const root = 'faults'
/** Where the ensembles keep what is each member's. */
const memberFolders = {
  zookeeper: ['zookeeper-1', 'zookeeper-2', 'zookeeper-3'],
  etcd: ['member-1', 'member-2', 'member-3'],
} as const

export async function startCluster(options: {
  kind: BackendKind
  program: string
  nodeCount: number
  /** Three servers without. */
  storeSize?: 1 | 3
  sessionTimeoutMs: number
  /** Whether each node reaches the store through proxies of its own. */
  withLinks?: boolean
  /** Whether each node lives in a network namespace of its own (with links only). */
  withCables?: boolean
  /** Whether each store server lives in a network namespace of its own. */
  withStoreNetwork?: boolean
  /** Whether each store server has a small disk of its own. */
  withDisks?: boolean
  /** Further flags of each node. */
  flags?: readonly string[]
  /** A command that runs each node. */
  inside?: readonly string[]
  /** Logs go there. */
  folder: string
}): Promise<Cluster> {
  const launch = { zookeeper: startZookeeperEnsemble, etcd: startEtcdEnsemble }[options.kind]
  const { storeSize: size = storeSizeDefault } = options
  const network = options.withStoreNetwork === true ? buildStoreNetwork(size) : undefined
  // A new folder each time: an ensemble that is given one goes on with what it finds there.
  const folder = mkdtempSync(join(options.folder, `${options.kind}-`))
  const disks = (options.withDisks === true ? memberFolders[options.kind] : []).map((name) =>
    mountDisk(join(folder, name, 'data')),
  )
  const removeGround = () => {
    network?.remove()
    for (const disk of disks) disk.remove()
  }
  const places = network === undefined ? {} : { places: network.places }
  const ensemble: Ensemble = await launch({ size, folder, ...places }).catch((error: unknown) => {
    removeGround()
    throw error
  })
  const storeUrl = ensemble.storeUrl(root)
  const nodes: NodeProcess[] = []
  const house = options.withLinks === true ? startLinkHouse() : undefined
  const links = new Map<string, Links>()
  const nodeLinks = new Map<string, Links>()
  const cables = new Map<string, Cable>()
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await house?.close()
    for (const cable of cables.values()) cable.remove()
    await ensemble.stop()
    removeGround()
  }
  const placeOf = async (nodeId: string) => {
    if (house === undefined) return { store: storeUrl }
    const cable = options.withCables === true ? layCable(nodeId) : undefined
    if (cable !== undefined) cables.set(nodeId, cable)
    const host = cable?.outerHost ?? '127.0.0.1'
    const ofNode = await house.open(nodeId, host, ensemble.members)
    links.set(nodeId, ofNode)
    const addresses = ofNode.ports.map((port) => `${host}:${port}`).join(',')
    const linkUrl = async (own: { host: string; port: number }) => {
      const server = { host: own.host, clientPort: own.port }
      const ways = await house.open(`to-${nodeId}`, host, [server])
      nodeLinks.set(nodeId, ways)
      return `http://${host}:${ways.ports[0] ?? 0}`
    }
    return { store: `${options.kind}://${addresses}/${root}`, cable, linkUrl }
  }
  try {
    for (let index = 1; index <= options.nodeCount; index++) {
      const nodeId = `n${index}`
      const place = await placeOf(nodeId)
      nodes.push(await createNodeProcess({ ...options, nodeId, ...place }))
    }
    await Promise.all(nodes.map((node) => node.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    storeUrl,
    nodes,
    storeMembers: ensemble.members,
    disk: (id) => must(disks[id - 1], `disk of store-${id}`),
    storeNetwork: () => must(network, 'network of the store'),
    cable: (nodeId) => must(cables.get(nodeId), `cable of ${nodeId}`),
    nodeLinks: (nodeId) => must(nodeLinks.get(nodeId), `links to ${nodeId}`),
    links: (nodeId) => must(links.get(nodeId), `links of ${nodeId}`),
    node: (nodeId) =>
      must(
        nodes.find((node) => node.nodeId === nodeId),
        `node ${nodeId}`,
      ),
    upNodes: () => nodes.filter((node) => node.isUp),
    async storeMember(role) {
      const isRunning = ensemble.members.filter(({ pid }) => pid !== undefined)
      const leads = await Promise.all(isRunning.map((member) => member.isLeader()))
      const found = isRunning.find((_, index) => leads[index] === (role === 'leader'))
      return must(found, `a store server that is ${role}`)
    },
    stop,
  }
}
