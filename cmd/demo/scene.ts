import { systemClock } from '../../src/lib/system-clock.ts'
import type { DemoDeed, DemoStateJson } from '../../src/protocol/demo.ts'
import type { DemoCluster } from './demo-cluster.ts'
import type { DemoNode } from './demo-node.ts'
import { createFacts, factOf } from './facts.ts'
import { type Show, startShow } from './show.ts'

/** The nodes and the show on them: all that the control shows and does. */
export interface Scene {
  readonly nodeIds: readonly string[]
  state(): DemoStateJson
  /** Resolves when it is done. @throws DeedRefused */
  do(nodeId: string, deed: DemoDeed): Promise<void>
  stop(): Promise<void>
}

export function startScene(options: {
  cluster: DemoCluster
  robotCount: number
  say: (line: string) => void
}): Scene {
  const { cluster, robotCount, say } = options
  const { nodes } = cluster
  const facts = createFacts(systemClock)
  const urls = nodes.map(({ url }) => url)
  const show = startShow({ urls, robotCount, say, onStageBid: () => facts.stageBid() })
  for (const node of nodes) {
    node.onDied(() => {
      facts.add('died', node.nodeId)
      show.lookAgain()
    })
  }
  return {
    nodeIds: nodes.map(({ nodeId }) => nodeId),
    state: () => ({
      store: cluster.kind,
      nodes: nodes.map((node) => nodeJson(node, show)),
      stage: show.staged === undefined ? null : staged(show.staged),
      robots: show.robots.map(({ name, character }) => ({
        name,
        temperament: character.temperament,
      })),
      tally: show.tally.json(),
      facts: [...facts.list],
    }),
    async do(nodeId, deed) {
      const node = nodes.find((one) => one.nodeId === nodeId)
      await node?.do(deed)
      facts.add(factOf[deed], nodeId)
      show.lookAgain()
    },
    stop: () => show.stop(),
  }
}

const staged = ({ id, title }: { id: string; title: string }) => ({ auctionId: id, title })

/** What the cluster says of a node is some seconds old when it is dead: it then neither leads nor holds. */
function nodeJson(node: DemoNode, { cluster, staged }: Show): DemoStateJson['nodes'][number] {
  const { nodeId, url, pid, state, deeds } = node
  const isThere = state === 'running' || state === 'frozen'
  const lock = cluster?.locks.find(({ auctionId }) => auctionId === staged?.id)
  return {
    nodeId,
    url,
    pid: pid ?? null,
    state,
    deeds: [...deeds],
    leads: isThere && cluster?.leader?.nodeId === nodeId,
    holdsLock: isThere && lock?.nodeId === nodeId,
  }
}
