import { type Ensemble, ProgramMissing } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import { asError } from '../../src/lib/clock.ts'
import { createMemoryCluster } from '../../src/node/memory-nodes.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'
import type { DemoNode } from './demo-node.ts'
import { startMemoryDemoNode } from './memory-demo-node.ts'
import { startProcessNode } from './process-node.ts'

export const demoStores = ['best', 'zookeeper', 'etcd', 'memory'] as const
export type DemoStore = (typeof demoStores)[number]

export interface DemoCluster {
  readonly kind: 'zookeeper' | 'etcd' | 'memory'
  /** In words: on what the nodes keep their auctions. */
  readonly what: string
  readonly nodes: readonly DemoNode[]
  stop(): Promise<void>
}

const ensembles = [
  { kind: 'zookeeper', start: startZookeeperEnsemble },
  { kind: 'etcd', start: startEtcdEnsemble },
] as const

export interface DemoClusterOptions {
  store: DemoStore
  /** Of the nodes. */
  ports: readonly number[]
  /** Origin of the control. */
  demoControl: string
  terminal: Terminal
}

/** Nodes on the wished store, or on the best one present. @throws Failure when the wished one is not there */
export async function startDemoCluster(options: DemoClusterOptions): Promise<DemoCluster> {
  const { store, terminal } = options
  for (const { kind, start } of ensembles) {
    if (store !== 'best' && store !== kind) continue
    terminal.err(`starting three ${kind} servers …`)
    try {
      return await onEnsemble(await start({ size: 3 }), options)
    } catch (error) {
      if (!(error instanceof ProgramMissing)) throw error
      if (store === kind) throw new Failure(exitCodes.failure, error.message)
      terminal.err(error.message)
    }
  }
  return inOneProcess(options)
}

async function onEnsemble(ensemble: Ensemble, options: DemoClusterOptions): Promise<DemoCluster> {
  const { ports, demoControl } = options
  const nodes: DemoNode[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await ensemble.stop()
  }
  try {
    const store = ensemble.storeUrl()
    const starts = await Promise.allSettled(
      ports.map((port, index) =>
        startProcessNode({ port, store, nodeId: named(index), demoControl }),
      ),
    )
    // Whoever came up must be stopped too when another did not.
    for (const start of starts) if (start.status === 'fulfilled') nodes.push(start.value)
    for (const start of starts) if (start.status === 'rejected') throw asError(start.reason)
  } catch (error) {
    await stop()
    throw error
  }
  const { members, kind } = ensemble
  const pids = members.map(({ pid }) => pid ?? '?').join(', ')
  const what = `three ${kind} servers (pids ${pids}), each node a process of its own`
  return { kind, what, nodes, stop }
}

async function inOneProcess({ ports, demoControl }: DemoClusterOptions): Promise<DemoCluster> {
  const cluster = createMemoryCluster()
  const nodes: DemoNode[] = []
  for (const [index, port] of ports.entries())
    nodes.push(await startMemoryDemoNode(cluster, { port, nodeId: named(index), demoControl }))
  return {
    kind: 'memory',
    what: 'one memory store, all in this process: it shows the page, but survives nothing',
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

const named = (index: number) => `n${index + 1}`
