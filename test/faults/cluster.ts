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

/** An ensemble of three servers and the nodes on it, all of them processes that can be killed and stopped. */
export interface Cluster {
  readonly storeUrl: string
  readonly nodes: readonly NodeProcess[]
  readonly storeMembers: readonly EnsembleMember[]
  /** The way from a node to the store, to be broken. @throws in a cluster without links */
  links(nodeId: string): Links
  /** What joins a node's network to the machine's. @throws in a cluster without cables */
  cable(nodeId: string): Cable
  node(nodeId: string): NodeProcess
  upNodes(): NodeProcess[]
  /** The server that leads the ensemble, or one that does not. */
  storeMember(role: 'leader' | 'follower'): Promise<EnsembleMember>
  stop(): Promise<void>
}

const storeSize = 3
const root = 'faults'

export async function startCluster(options: {
  kind: BackendKind
  program: string
  nodeCount: number
  sessionTimeoutMs: number
  /** Whether each node reaches the store through proxies of its own. */
  withLinks?: boolean
  /** Whether each node lives in a network namespace of its own (with links only). */
  withCables?: boolean
  /** Logs go there. */
  folder: string
}): Promise<Cluster> {
  const launch = { zookeeper: startZookeeperEnsemble, etcd: startEtcdEnsemble }[options.kind]
  // A new folder each time: an ensemble that is given one goes on with what it finds there.
  const ensemble: Ensemble = await launch({
    size: storeSize,
    folder: mkdtempSync(join(options.folder, `${options.kind}-`)),
  })
  const storeUrl = ensemble.storeUrl(root)
  const nodes: NodeProcess[] = []
  const house = options.withLinks === true ? startLinkHouse() : undefined
  const links = new Map<string, Links>()
  const cables = new Map<string, Cable>()
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await house?.close()
    for (const cable of cables.values()) cable.remove()
    await ensemble.stop()
  }
  const placeOf = async (nodeId: string) => {
    if (house === undefined) return { store: storeUrl }
    const cable = options.withCables === true ? layCable(nodeId) : undefined
    if (cable !== undefined) cables.set(nodeId, cable)
    const host = cable?.outerHost ?? '127.0.0.1'
    const ports = ensemble.members.map(({ clientPort }) => clientPort)
    const ofNode = await house.open(nodeId, host, ports)
    links.set(nodeId, ofNode)
    const addresses = ofNode.ports.map((port) => `${host}:${port}`).join(',')
    return { store: `${options.kind}://${addresses}/${root}`, cable }
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
    cable: (nodeId) => must(cables.get(nodeId), `cable of ${nodeId}`),
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
