import { type Ensemble, ProgramMissing } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import { asError } from '../../src/lib/clock.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { startMemoryNodes } from '../../src/node/memory-nodes.ts'
import { type ExitCode, exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { Terminal } from '../terminal.ts'
import { type ChildNode, startChildNode } from './child-node.ts'

export const demoStores = ['best', 'zookeeper', 'etcd', 'memory'] as const
export type DemoStore = (typeof demoStores)[number]

export interface DemoCluster {
  /** In words: on what the nodes keep their auctions. */
  readonly what: string
  readonly urls: readonly string[]
  /** Of the nodes that are processes of their own: to be killed by whoever wants to see what happens. */
  readonly pids: readonly number[]
  /** Resolves when nothing is left that could be shown: every node is gone. */
  readonly failed: Promise<ExitCode>
  stop(): Promise<void>
}

const ensembles = [
  { kind: 'zookeeper', start: startZookeeperEnsemble },
  { kind: 'etcd', start: startEtcdEnsemble },
] as const

/** Three nodes on the wished store, or on the best one present. @throws Failure when the wished one is not there */
export async function startDemoCluster(
  store: DemoStore,
  ports: readonly number[],
  terminal: Terminal,
): Promise<DemoCluster> {
  for (const { kind, start } of ensembles) {
    if (store !== 'best' && store !== kind) continue
    terminal.err(`starting three ${kind} servers …`)
    try {
      return await onEnsemble(await start({ size: 3 }), ports)
    } catch (error) {
      if (!(error instanceof ProgramMissing)) throw error
      if (store === kind) throw new Failure(exitCodes.failure, error.message)
      terminal.err(error.message)
    }
  }
  return inOneProcess(ports)
}

async function onEnsemble(ensemble: Ensemble, ports: readonly number[]): Promise<DemoCluster> {
  const nodes: ChildNode[] = []
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await ensemble.stop()
  }
  try {
    const store = ensemble.storeUrl()
    const starts = await Promise.allSettled(
      ports.map((port, index) => startChildNode({ port, store, nodeId: `n${index + 1}` })),
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
  return {
    what: `three ${kind} servers (pids ${pids}), each node a process of its own`,
    urls: ports.map(urlOf),
    pids: nodes.map(({ pid }) => pid),
    failed: Promise.all(nodes.map(({ exited }) => exited)).then(() => exitCodes.failure),
    stop,
  }
}

async function inOneProcess(ports: readonly number[]): Promise<DemoCluster> {
  const nodes = await startMemoryNodes(
    ports.map((port, index) => ({
      ...defaultNodeConfig,
      port,
      nodeId: `n${index + 1}`,
      logLevel: 'error',
    })),
  )
  return {
    what: 'one memory store, all in this process: it shows the page, but survives nothing',
    urls: nodes.map(({ url }) => url),
    pids: [],
    failed: new Promise(() => undefined),
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`
