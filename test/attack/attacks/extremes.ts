import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { bid, said, sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'

/** Amounts and times at the end of what can be written. */
export const extremes: Attack = {
  name: 'extremes',
  promise: 'no amount and no time ruins an auction',
  async run(stage) {
    return [...(await topBid(stage)), ...(await conditions(stage))]
  },
}

/** After a bid that is taken, what is told as the next one must be one that is taken too. */
async function topBid(stage: Stage): Promise<string[]> {
  const seller = await stage.guest('Selma')
  const broken: string[] = []
  for (const [at, amount] of [
    '9999999999999.99',
    '9999999999999.00',
    '90071992547409.91',
  ].entries()) {
    const auctionId = await sell(seller)
    const guest = await stage.guest('Greta')
    const first = await bid(guest, auctionId, `top-bid-${at}`, amount)
    if (first.status !== 201) continue
    const shown = await stage
      .stranger()
      .ask({ path: `${apiPath}/auctions/${auctionId}?fresh=true` })
    const { minimumNextBid } = JSON.parse(shown.text) as { minimumNextBid: string | null }
    if (minimumNextBid === null) continue
    const next = await bid(await stage.guest('Ned'), auctionId, `next-bid-${at}`, minimumNextBid)
    if (next.status !== 201) {
      broken.push(`after ${amount} the next bid is told to be ${minimumNextBid}: ${said(next)}`)
    }
  }
  return broken
}

async function conditions(stage: Stage): Promise<string[]> {
  const seller = await stage.guest('Selma')
  const broken: string[] = []
  for (const [what, over] of Object.entries(endless)) {
    const answer = await seller.caller.ask({
      ...{ method: 'POST', path: `${apiPath}/auctions`, token: seller.token },
      body: { title: 'Endless', durationMs: 60_000, ...over },
    })
    if (answer.status === 201) broken.push(`an auction with ${what} is taken`)
    if (answer.status >= 500) broken.push(`an auction with ${what}: ${said(answer)}`)
  }
  return broken
}

const dayMs = 86_400_000
const endless = {
  'a start in the year 2999': { startsAt: '2999-01-01T00:00:00Z' },
  'a start in the year 9999': { startsAt: '9999-12-31T23:59:59Z' },
  'a soft close of a day without an end': {
    softClose: { windowMs: dayMs, extensionMs: dayMs, mode: 'add' },
  },
  'an end before its start': {
    ...{ startsAt: '2999-01-02T00:00:00Z', endsAt: '2999-01-01T00:00:00Z', durationMs: undefined },
  },
}
