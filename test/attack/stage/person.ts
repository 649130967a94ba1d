import type { Answer, Caller } from './wire.ts'

/** Somebody with a session, who calls from one address. */
export interface Person {
  readonly name: string
  readonly token: string
  readonly caller: Caller
}

const lotOfAnHour = { title: 'A lot', durationMs: 3_600_000, softClose: null, mayRaiseOwnBid: true }

/** @throws when the node does not take the guest */
export async function signIn(caller: Caller, name: string): Promise<Person> {
  const answer = await caller.ask({ method: 'POST', path: '/api/v1/session', body: { name } })
  const token = answer.status === 201 ? tokenOf(answer) : undefined
  if (token === undefined) throw new Error(`no session for ${name}: ${said(answer)}`)
  return { name, token, caller }
}

/** @returns its id. @throws when it is refused */
export async function sell(seller: Person, over: object = {}): Promise<string> {
  const body = { ...lotOfAnHour, ...over }
  const { caller, token } = seller
  const answer = await caller.ask({ method: 'POST', path: '/api/v1/auctions', token, body })
  if (answer.status !== 201) throw new Error(`no auction: ${said(answer)}`)
  return (JSON.parse(answer.text) as { id: string }).id
}

export async function bid(
  bidder: Person,
  auctionId: string,
  bidId: string,
  amount: string,
): Promise<Answer> {
  const path = `/api/v1/auctions/${auctionId}/bids`
  const { caller, token } = bidder
  return caller.ask({ method: 'POST', path, token, body: { bidId, amount } })
}

/** The answer's body shows it to programs, the cookie to browsers. */
function tokenOf({ text, headers }: Answer): string | undefined {
  const { token } = JSON.parse(text) as { token?: string }
  return token ?? /=([A-Za-z0-9_-]{16,})/.exec(headers['set-cookie']?.[0] ?? '')?.[1]
}

/** An answer for people: status and code. */
export function said({ status, text }: Answer): string {
  const [, code = ''] = /"code":"([a-z-]+)"/.exec(text) ?? []
  return code === '' ? String(status) : `${status} ${code}`
}
