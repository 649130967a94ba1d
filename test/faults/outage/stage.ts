import { join } from 'node:path'
import type { BackendKind } from '../../support/backends.ts'
import type { Sale } from '../auctions.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import { type Eyes, openEyes } from '../eyes.ts'
import { keepLookout } from '../lookout.ts'
import type { NodeProcess } from '../node-process.ts'
import { createRecorder, type Recorder } from '../recorder.ts'
import { versionsOf } from '../versions.ts'
import { timeUntil } from '../wait.ts'
import { startWatchers, type Watchers } from '../watchers.ts'
import { type AccountBook, openAccountBook } from './account.ts'

export interface OutageOptions {
  store: BackendKind
  sessionTimeoutMs: number
  /** How long the quorum is away: longer than a session, so that all of them end meanwhile. */
  outageMs: number
  program: string
  /** Logs and history go there. */
  folder: string
}

/** Three nodes on three servers, and all that looks at them. */
export interface Stage {
  readonly options: OutageOptions
  readonly cluster: Cluster
  readonly eyes: Eyes
  readonly recorder: Recorder
  readonly accounts: AccountBook
  /** Watches every auction of this sale from each node, to the end of the run. */
  readonly watch: (sale: Sale) => Watchers
  /** The node that leads and gives signs of life. */
  readonly leader: () => Promise<NodeProcess>
  say: (progress: string) => void
}

const nodeCount = 3
const leaderWithinMs = 40_000

export async function withStage<T>(
  options: OutageOptions,
  say: (progress: string) => void,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { store, sessionTimeoutMs, folder } = options
  const undo: (() => unknown)[] = []
  const later = <M>(made: M, how: (made: M) => unknown): M => {
    undo.push(() => how(made))
    return made
  }
  try {
    say(`starts three ${store} servers and ${nodeCount} nodes; logs in ${folder}`)
    const cluster = later(
      await startCluster({ ...options, kind: store, nodeCount, withLinks: false }),
      (made) => made.stop(),
    )
    const recorder = later(createRecorder(join(folder, 'history.jsonl')), (made) => made.close())
    const versions = await versionsOf(cluster)
    recorder.add({ t: 'meta', source: 'fault runner', seed: 0, options: { ...options }, versions })
    const eyes = later(await openEyes(cluster.storeUrl, sessionTimeoutMs), (made) => made.close())
    const accounts = later(await openAccountBook(cluster.storeUrl, sessionTimeoutMs), (made) =>
      made.close(),
    )
    later(keepLookout(cluster, eyes, recorder, folder), (made) => made.stop())
    const played = await play({
      ...{ options, cluster, eyes, recorder, accounts, say },
      watch: (sale) => later(startWatchers(cluster.nodes, sale, recorder), (made) => made.leave()),
      leader: () => leaderOf(cluster, eyes),
    })
    recorder.add({ t: 'end', atMs: recorder.now() })
    return played
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function leaderOf(cluster: Cluster, eyes: Eyes): Promise<NodeProcess> {
  let found: NodeProcess | undefined
  await timeUntil(
    async () => {
      const [place, beacon] = [await eyes.leader(), await eyes.beacon()]
      const node = cluster.nodes.find(({ nodeId }) => nodeId === place?.nodeId)
      if (beacon?.term === place?.revision) found = node
      return found?.isUp === true
    },
    { withinMs: leaderWithinMs },
  )
  if (found === undefined) throw new Error('nobody leads')
  return found
}
