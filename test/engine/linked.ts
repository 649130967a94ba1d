import type { ForwardedBids, NodeAddress, NodeLinks } from '../../src/engine/forwarding.ts'
import type { TestCluster } from './test-cluster.ts'

/** What a link does with the next things that it is given; `through` without. */
export type LinkFate = 'through' | 'not-sent' | 'question-lost' | 'answer-lost'

/** Ways between the nodes of a cluster of this process, and what went over them. */
export interface Linked {
  readonly links: NodeLinks
  fate: LinkFate
  readonly sent: { readonly to: NodeAddress; readonly forwarded: ForwardedBids }[]
}

export function linkNodes(cluster: TestCluster): Linked {
  const linked: Linked = {
    fate: 'through',
    sent: [],
    links: {
      async forward(to, forwarded) {
        const { fate } = linked
        if (fate === 'not-sent') return { kind: 'not-sent' }
        linked.sent.push({ to, forwarded })
        const node = cluster.nodes.find(({ store }) => store.session.id === to.sessionId)
        if (fate === 'question-lost' || node === undefined) return { kind: 'unknown' }
        const answers = await node.engine.bidding.takeForwarded(forwarded)
        return fate === 'answer-lost' ? { kind: 'unknown' } : { kind: 'answered', answers }
      },
    },
  }
  return linked
}
