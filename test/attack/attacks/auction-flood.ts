import { apiPath } from '../../../src/protocol/version.ts'
import type { Attack } from '../attack.ts'
import { limitFlags, limitsNamed } from '../stage/limit-flags.ts'
import type { Person } from '../stage/person.ts'

const perSellerMax = 20
const perAddressMax = 50
const sellerCaps = limitsNamed(/auctions?.*seller|seller.*auctions?/i)
const addressCaps = limitsNamed(/auctions?.*address|address.*auctions?/i)

/** Guests of one address make auctions as fast as they can. */
export const auctionFlood: Attack = {
  name: 'auction-flood',
  promise: 'neither one seller nor one address can fill the store with auctions',
  ownNode: {
    flags: [...limitFlags(sellerCaps, perSellerMax), ...limitFlags(addressCaps, perAddressMax)],
  },
  async run(stage) {
    const from = stage.newAddress()
    const broken: string[] = []
    if (sellerCaps.length === 0) broken.push('no limit is named for the auctions of one seller')
    if (addressCaps.length === 0) broken.push('no limit is named for the auctions of one address')
    const sellers = []
    for (let at = 1; at <= sellerCount; at++) sellers.push(await stage.guest(`S${at}`, { from }))
    const taken = await Promise.all(sellers.map((seller) => flood(seller)))
    const most = Math.max(...taken)
    const all = taken.reduce((sum, count) => sum + count, 0)
    if (most > perSellerMax)
      broken.push(`${most} of ${eachMakes} auctions of one seller were taken`)
    if (all > perAddressMax) {
      broken.push(`${all} of ${sellerCount * eachMakes} auctions of one address were taken`)
    }
    const honest = await flood(await stage.guest('Harriet'), 1)
    if (honest !== 1) broken.push('an auction of another address is refused')
    return broken
  },
}

const sellerCount = 5
const eachMakes = 60

async function flood(seller: Person, count = eachMakes): Promise<number> {
  const body = { title: 'Flood', description: 'x'.repeat(4_000), durationMs: 90 * 86_400_000 }
  const call = { method: 'POST', path: `${apiPath}/auctions`, token: seller.token, body }
  const answers = await seller.caller.askAll(Array.from({ length: count }, () => call))
  return answers.filter((answer) => answer?.status === 201).length
}
