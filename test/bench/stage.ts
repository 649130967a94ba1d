import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startCluster } from '../faults/cluster.ts'
import { createNodeProcess } from '../faults/node-process.ts'
import { versionsOf } from '../faults/versions.ts'
import type { StoreKind } from '../../src/store/store.ts'
import { benchLimitsText } from './bench-limits.ts'
import type { StartPart } from './crew/remote.ts'
import { writeHeapOf } from './memory.ts'

export interface StageNode {
  readonly nodeId: string
  readonly url: string
  readonly pid: number | undefined
}

/** Running nodes on their store, all of them processes other than ours. */
export interface Stage {
  readonly kind: StoreKind
  readonly nodes: readonly StageNode[]
  /** Processes of the store's own. */
  readonly storePids: readonly number[]
  /** For references: the same servers below a root of its own, or a second store of the same kind where there are none. */
  referenceUrl(name: string): string
  readonly versions: Readonly<Record<string, string>>
  /** Where nodes have their logs; their working folder. */
  readonly folder: string
  /** What each node's heap holds, into NODE-MOMENT.heapsnapshot of the folder. The nodes run `nodeWithMemory`, or are of this process's crew. */
  writeHeaps(moment: Moment): Promise<void>
  stop(): Promise<void>
}

/** Of what is measured. */
export type Moment = 'start' | 'end'

export interface StageOptions {
  kind: StoreKind
  nodeCount: number
  /** Three servers without. */
  storeSize?: 1 | 3
  program: string
  startPart: StartPart
  /** Logs and data go there. */
  folder: string
  /** Of the nodes' sessions; the usual one without. */
  sessionTimeoutMs?: number
}

const sessionTimeoutMs = 6_000

export async function openStage(options: StageOptions): Promise<Stage> {
  mkdirSync(options.folder, { recursive: true })
  // Each node that is started inherits it.
  process.env['LOTKEEPER_NODE_LIMIT'] ??= benchLimitsText
  switch (options.kind) {
    case 'memory':
      return openMemoryStage(options)
    case 'embedded':
      return openEmbeddedStage(options)
    case 'zookeeper':
    case 'etcd': {
      const { kind } = options
      const cluster = await startCluster({ sessionTimeoutMs, ...options, kind })
      return {
        kind,
        nodes: cluster.nodes,
        storePids: cluster.storeMembers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
        referenceUrl: (name) => cluster.storeUrl.replace(/[^/]*$/, name),
        versions: await versionsOf(cluster),
        folder: options.folder,
        writeHeaps: (moment) => writeHeaps(cluster.nodes, options.folder, moment),
        stop: () => cluster.stop(),
      }
    }
  }
}

async function openMemoryStage(options: StageOptions): Promise<Stage> {
  const { kind, nodeCount, folder } = options
  const nodeIds = Array.from({ length: nodeCount }, (_, index) => `n${index + 1}`)
  const crew = await options.startPart('memory-nodes', { nodeIds })
  const addresses = await crew.ask('addresses', undefined)
  return {
    kind,
    nodes: addresses.map((address) => ({ ...address, pid: crew.pid })),
    storePids: [],
    referenceUrl: () => 'memory:',
    versions: { node: process.version },
    folder,
    // One heap for all nodes and their store.
    writeHeaps: (moment) =>
      crew.ask('writeHeap', { file: join(folder, `all-${moment}.heapsnapshot`) }),
    stop: () => crew.stop(),
  }
}

/** One node: a second one on the same folder is refused. */
async function openEmbeddedStage(options: StageOptions): Promise<Stage> {
  const { kind, folder } = options
  const store = `embedded:${join(folder, 'data')}`
  const node = await createNodeProcess({ sessionTimeoutMs, ...options, nodeId: 'n1', store })
  await node.start()
  return {
    kind,
    nodes: [node],
    storePids: [],
    referenceUrl: (name) => `embedded:${join(folder, name)}`,
    versions: { node: process.version },
    folder,
    writeHeaps: (moment) => writeHeaps([node], folder, moment),
    stop: () => node.kill(),
  }
}

/** One after the other: a node stands still meanwhile. */
async function writeHeaps(nodes: readonly StageNode[], folder: string, moment: Moment) {
  for (const node of nodes) {
    await writeHeapOf(node, folder, join(folder, `${node.nodeId}-${moment}.heapsnapshot`))
  }
}
