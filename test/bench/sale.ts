import { must } from '../../src/lib/assert.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'
import { askNode } from '../faults/http.ts'
import { pause } from '../faults/wait.ts'
import type { Seat } from './load/bidder-socket.ts'
import type { StageNode } from './stage.ts'

const askAtOnce = 32
const triesMax = 20
const tryAgainMs = 250
/** A node lets one seller write 500 times in a burst. */
const perSellerMax = 400

/** Guests, the first at the first node, the second at the second, and so on round. */
export async function signIn(nodes: readonly StageNode[], count: number): Promise<Seat[]> {
  return inPortions(count, async (index) => {
    const { url } = must(nodes[index % nodes.length], 'node')
    const call = { method: 'POST', body: { name: `b${index + 1}` } }
    const { token } = (await insist(url, '/session', call)) as { token: string }
    return { url, token }
  })
}

/** Open auctions on which everybody may raise his own bid. */
export async function openAuctions(
  nodes: readonly StageNode[],
  count: number,
  plan: (index: number) => Partial<CreateAuctionBody> = () => ({ durationMs: 86_400_000 }),
): Promise<string[]> {
  const sellers = await signIn(nodes, Math.max(nodes.length, Math.ceil(count / perSellerMax)))
  return inPortions(count, async (index) => {
    const { url, token } = must(sellers[index % sellers.length], 'seller')
    // High enough that no bid is too large a step, however many went to a reference in between.
    const conditions = { startPrice: '1000000.00', increment: '1.00', mayRaiseOwnBid: true }
    const body = { title: `Lot ${index + 1}`, softClose: null, ...conditions, ...plan(index) }
    const call = { method: 'POST', token, body }
    return ((await insist(url, '/auctions', call)) as AuctionJson).id
  })
}

/** The answer, after as many tries as a busy node needs. Creations that went through twice do no harm here. */
export async function insist(
  url: string,
  path: string,
  call: { method?: string; token?: string; body?: object } = {},
): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const { status, body } = await askNode(url, path, { ...call, withinMs: 20_000 })
    if (status < 300) return body
    if (tries === triesMax || (status !== 429 && status < 500)) {
      throw new Error(`${path} was answered with ${status}: ${JSON.stringify(body)}`)
    }
    await pause(tryAgainMs)
  }
}

export async function inPortions<T>(
  count: number,
  make: (index: number) => Promise<T>,
): Promise<T[]> {
  const made: T[] = []
  for (let at = 0; at < count; at += askAtOnce) {
    const length = Math.min(askAtOnce, count - at)
    made.push(...(await Promise.all(Array.from({ length }, (_, n) => make(at + n)))))
  }
  return made
}
