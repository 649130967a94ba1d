import type { ClusterJson, LockTurnJson, LockTurnsJson } from '../../../src/protocol/http.ts'

/** Something that happened to a lock on one node, in that node's own words. */
export type ToldTurn = LockTurnJson & { readonly node: string }

export type AskNode = (url: string) => Promise<LockTurnsJson>

const askWithinMs = 900

/** The nodes are asked one by one: each knows its own turns only. */
export const askNode: AskNode = async (url) => {
  const signal = AbortSignal.timeout(askWithinMs)
  const answer = await fetch(`${url}/api/v1/cluster/lock-turns`, { signal, credentials: 'omit' })
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
  return (await answer.json()) as LockTurnsJson
}

/** What all members tell, the newest first. Whoever does not answer is left out; their last words are in `before`. */
export async function readLockTurns(
  members: ClusterJson['members'],
  ask: AskNode,
  before: readonly ToldTurn[],
): Promise<readonly ToldTurn[]> {
  const answers = await Promise.allSettled(members.map(({ url }) => ask(url)))
  const told = answers.flatMap((answer) =>
    answer.status === 'fulfilled'
      ? answer.value.turns.map((turn) => ({ ...turn, node: answer.value.node }))
      : [],
  )
  // A node that was asked again tells the same turn, perhaps with more hand-overs in it.
  const turns = new Map([...before, ...told].map((turn) => [keyOf(turn), turn]))
  return [...turns.values()].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, turnsMax)
}

const turnsMax = 60

export function keyOf({ node, at, kind, auctionId }: ToldTurn): string {
  return `${node} ${at} ${kind} ${auctionId}`
}
