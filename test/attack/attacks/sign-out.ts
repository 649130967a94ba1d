import { pause } from '../../faults/wait.ts'
import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { type FeedSocket, openFeedSocket } from '../stage/feed-socket.ts'
import { bid, type Person, sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'
import { createCaller } from '../stage/wire.ts'

/** Somebody who has the token of a victim goes on while the victim signs out. */
export const signOut: Attack = {
  name: 'sign-out',
  promise:
    'a token is void on every node within two seconds of its sign-out, whoever uses it meanwhile',
  async run(stage) {
    const auctionId = await sell(await stage.guest('Selma'))
    const tries = stage.isShort ? 4 : 20
    const broken: string[] = []
    let racedCount = 0
    for (let at = 0; at < tries; at++) racedCount += await race(stage, auctionId, at)
    if (racedCount > 0) broken.push(`after the 204 the same node took ${racedCount} calls or bids`)
    broken.push(...(await elsewhere(stage, auctionId)))
    return broken
  },
}

const racingCalls = 50
const heldWithinMs = 2_000

/** @returns how many calls, begun after the 204 at the node that gave it, were still served */
async function race(stage: Stage, auctionId: string, at: number): Promise<number> {
  const door = stage.doorOf(0)
  const victim = await stage.guest('Victim', { door })
  const thief = createCaller(door, stage.newAddress())
  const call = { path: `${apiPath}/session`, token: victim.token }
  let isOver = false
  const polling = Array.from({ length: 4 }, async () => {
    while (!isOver) await thief.ask(call).catch(() => undefined)
  })
  const { token } = victim
  const [ended] = await Promise.all([
    victim.caller.ask({ method: 'DELETE', path: call.path, token }),
    thief.askAll(Array.from({ length: racingCalls }, () => call)),
  ])
  if (ended.status !== 204) throw new Error(`the sign-out was answered ${ended.status}`)
  const answers = await thief.askAll(Array.from({ length: racingCalls }, () => call))
  isOver = true
  await Promise.all(polling)
  const stolen = { name: 'Thief', token, caller: thief }
  const outcome = await bid(stolen, auctionId, `stolen-bid-${at}`, `${100 + at}.00`)
  const page = await openFeedSocket(door, thief.from)
  page.send({ type: 'hello', token })
  const welcome = await page.frame(
    ({ type, user }) => type === 'welcome' && user !== undefined,
    300,
  )
  page.terminate()
  thief.close()
  return (
    answers.filter((answer) => answer?.status === 200).length +
    (outcome.status === 201 ? 1 : 0) +
    (welcome === undefined ? 0 : 1)
  )
}

/** Every node knows the token, by HTTP and by an open page, before it ends at the first. */
async function elsewhere(stage: Stage, auctionId: string): Promise<string[]> {
  const victim = await stage.guest('Victim', { door: stage.doorOf(0) })
  const places = await Promise.all(stage.nodes.map((_, index) => settle(stage, victim, index)))
  const path = `${apiPath}/session`
  await victim.caller.ask({ method: 'DELETE', path, token: victim.token })
  await pause(heldWithinMs)
  const broken: string[] = []
  for (const [index, { caller, page }] of places.entries()) {
    const where = `node ${index + 1}, ${heldWithinMs} ms after the sign-out`
    const answer = await caller.ask({ path, token: victim.token })
    if (answer.status === 200) broken.push(`${where}: HTTP takes the token`)
    const bidId = `open-page-bid-${index}`
    if (page.closeCode === undefined)
      page.send({ type: 'bid', auctionId, bidId, amount: `${200 + index}.00` })
    const outcome = await page.frame((frame) => frame['bidId'] === bidId, 1_000)
    if (outcome?.['outcome'] === 'accepted') broken.push(`${where}: a bid of an open page counts`)
    page.terminate()
    caller.close()
  }
  return broken
}

async function settle(stage: Stage, { token }: Person, index: number) {
  const door = stage.doorOf(index)
  const caller = createCaller(door, stage.newAddress())
  await caller.ask({ path: `${apiPath}/session`, token })
  const page: FeedSocket = await openFeedSocket(door, caller.from)
  page.send({ type: 'hello', token })
  const welcome = await page.frame(({ type, user }) => type === 'welcome' && user !== undefined)
  if (welcome === undefined)
    throw new Error(`the victim's page is not signed in at node ${index + 1}`)
  return { caller, page }
}
