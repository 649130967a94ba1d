import type { BidAnswer } from '../checker/history.ts'

/** Nodes in networks of their own are not on loopback, and tell only their operator about metrics, processes and the store. */
export const operatorToken = 'operator-of-the-faults'

/** One call of a node's HTTP API, around the client: for what only one certain node may answer. @throws when it does not */
export async function askNode(
  url: string,
  path: string,
  options: { method?: string; token?: string; body?: object; withinMs?: number } = {},
): Promise<{ status: number; body: unknown }> {
  const { method = 'GET', token, body, withinMs = 5_000 } = options
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  })
  return { status: response.status, body: await response.json() }
}

export interface BidCopy {
  readonly auctionId: string
  readonly bidId: string
  readonly amount: string
}

/** One copy of a bid to one node. "unknown" is all that is not the node's last word. Never throws. */
export async function sendBid(
  url: string,
  token: string,
  { auctionId, bidId, amount }: BidCopy,
): Promise<Pick<BidAnswer, 'outcome' | 'seq' | 'code' | 'final'>> {
  try {
    const call = { method: 'POST', token, body: { bidId, amount } }
    const { status, body } = await askNode(url, `/auctions/${auctionId}/bids`, call)
    const { seq, code, final } = body as Pick<BidAnswer, 'seq' | 'code' | 'final'>
    if (status === 201) return { outcome: 'accepted', seq }
    const outcome = status === 409 && final === true ? 'rejected' : 'unknown'
    return { outcome, seq, code, final }
  } catch {
    return { outcome: 'unknown' }
  }
}
