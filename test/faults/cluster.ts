import type { Ensemble, EnsembleMember } from '../../src/ensemble/ensemble.ts'
import { must } from '../../src/lib/assert.ts'
import { type BackendKind, provideStore } from '../support/backends.ts'
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

export async function startCluster(options: {
  kind: BackendKind
  program: string
  nodeCount: number
  sessionTimeoutMs: number
  /** Logs go there. */
  folder: string
}): Promise<Cluster> {
  const provided = await provideStore(options.kind, { size: 3, hurtsMembers: true })
  const ensemble: Ensemble = must(provided.ensemble, 'an ensemble of processes of our own')
  const storeUrl = ensemble.storeUrl('faults')
  const nodes: NodeProcess[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill()))
    await provided.stop()
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
