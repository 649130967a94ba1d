import type { ClusterJson } from '../../../src/protocol/http.ts'

/** Something that changed in the cluster between two looks at it. */
export type ClusterNews =
  | { readonly kind: 'node-came'; readonly node: string }
  | { readonly kind: 'node-gone'; readonly node: string }
  | { readonly kind: 'node-ready'; readonly node: string }
  | { readonly kind: 'node-not-ready'; readonly node: string }
  | { readonly kind: 'leader-gone'; readonly node: string }
  | { readonly kind: 'leader-new'; readonly node: string; readonly term: number }
  | { readonly kind: 'store'; readonly state: ClusterJson['store']['state'] }
  | {
      readonly kind: 'lock-moved'
      readonly auctionId: string
      readonly from: string
      readonly to: string
    }
  /** The one before is no member any more, or stood still: it was not let go of but taken. */
  | {
      readonly kind: 'lock-taken'
      readonly auctionId: string
      readonly from: string
      readonly to: string
    }

/** What is different, in the order in which it is best told. What came and went between two looks is not seen. */
export function newsOf(before: ClusterJson, now: ClusterJson): ClusterNews[] {
  return [
    ...storeNews(before, now),
    ...memberNews(before, now),
    ...leaderNews(before, now),
    ...lockNews(before, now),
  ]
}

function storeNews(before: ClusterJson, now: ClusterJson): ClusterNews[] {
  return before.store.state === now.store.state ? [] : [{ kind: 'store', state: now.store.state }]
}

function memberNews(before: ClusterJson, now: ClusterJson): ClusterNews[] {
  const incarnation = ({ nodeId, pid }: ClusterJson['members'][number]) => `${nodeId} ${pid}`
  const old = new Map(before.members.map((member) => [incarnation(member), member]))
  const gone = new Map(old)
  const news: ClusterNews[] = []
  for (const member of now.members) {
    gone.delete(incarnation(member))
    const known = old.get(incarnation(member))
    const node = member.nodeId
    if (known === undefined) news.push({ kind: 'node-came', node })
    else if (known.ready !== member.ready) {
      news.push({ kind: member.ready ? 'node-ready' : 'node-not-ready', node })
    }
  }
  return [
    ...[...gone.values()].map(({ nodeId }) => ({ kind: 'node-gone' as const, node: nodeId })),
    ...news,
  ]
}

function leaderNews(before: ClusterJson, now: ClusterJson): ClusterNews[] {
  const [old, leader] = [before.leader, now.leader]
  if (old?.nodeId === leader?.nodeId && old?.term === leader?.term) return []
  if (leader === null) return old === null ? [] : [{ kind: 'leader-gone', node: old.nodeId }]
  return [{ kind: 'leader-new', node: leader.nodeId, term: leader.term }]
}

function lockNews(before: ClusterJson, now: ClusterJson): ClusterNews[] {
  const holders = new Map(before.locks.map(({ auctionId, nodeId }) => [auctionId, nodeId]))
  const isMember = (node: string) =>
    now.members.some(({ nodeId, ready }) => nodeId === node && ready)
  return now.locks.flatMap(({ auctionId, nodeId: to }) => {
    const from = holders.get(auctionId)
    if (from === undefined || from === to) return []
    return [{ kind: isMember(from) ? 'lock-moved' : 'lock-taken', auctionId, from, to } as const]
  })
}
