import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Ensemble, EnsembleMember } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { must } from '../../src/lib/assert.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import type { BackendKind } from '../support/backends.ts'
import { createNodeProcess, type NodeProcess } from './node-process.ts'

/** An ensemble of three servers and the nodes on it, all of them processes that can be killed and stopped. */
export interface Cluster {
  readonly storeUrl: string
  readonly nodes: readonly NodeProcess[]
  readonly storeMembers: readonly EnsembleMember[]
  node(nodeId: string): NodeProcess
  upNodes(): NodeProcess[]
  /** The server that leads the ensemble, or one that does not. */
  storeMember(role: 'leader' | 'follower'): Promise<EnsembleMember>
  stop(): Promise<void>
}

const storeSize = 3

export async function startCluster(options: {
  kind: BackendKind
  program: string
  nodeCount: number
  sessionTimeoutMs: number
  /** Logs go there. */
  folder: string
}): Promise<Cluster> {
  const launch = { zookeeper: startZookeeperEnsemble, etcd: startEtcdEnsemble }[options.kind]
  // A new folder each time: an ensemble that is given one goes on with what it finds there.
  const ensemble: Ensemble = await launch({
    size: storeSize,
    folder: mkdtempSync(join(options.folder, `${options.kind}-`)),
  })
  const storeUrl = ensemble.storeUrl('faults')
  const nodes: NodeProcess[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await ensemble.stop()
  }
  try {
    for (let index = 1; index <= options.nodeCount; index++) {
      nodes.push(await createNodeProcess({ ...options, nodeId: `n${index}`, store: storeUrl }))
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
