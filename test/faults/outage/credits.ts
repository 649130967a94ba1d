import type { AuctionJson } from '../../../src/protocol/auction.ts'
import { percentile } from '../gaps.ts'
import type { AccountBook, Credit } from './account.ts'
import type { Stage } from './stage.ts'

export interface Credited {
  readonly credits: readonly Credit[]
  /** Of each credit: bidding time that was lost and not given back; below zero when more was given. */
  readonly shortMs: readonly number[]
  readonly complaints: readonly string[]
}

/** Nodes and driver share a machine; their clocks, estimates and timers agree to about this. */
const slackMs = 1_000

export async function creditsOf(
  accounts: AccountBook,
  lots: readonly AuctionJson[],
): Promise<Credit[]> {
  const all = await Promise.all(lots.map(({ id }) => accounts.of(id)))
  return all.flatMap(({ credits }) => credits)
}

/** Whether everyone owed got its time back once, from one outage, and nobody else anything. */
export async function readCredits(
  { accounts, recorder, options }: Stage,
  outage: {
    lots: readonly AuctionJson[]
    after: AuctionJson
    before: AuctionJson
    lostAtMs: number
    freedAtMs: number
    backAtMs: number
  },
): Promise<Credited> {
  const { lots, after, before } = outage
  const wallMs = (atMs: number) => Date.now() - recorder.now() + atMs
  const [lostAt, freedAt, backAt] = [
    wallMs(outage.lostAtMs),
    wallMs(outage.freedAtMs),
    wallMs(outage.backAtMs),
  ]
  // What was lost before the nodes noticed is nobody's evidence.
  const noticeMs = options.sessionTimeoutMs / 3
  const credits: Credit[] = []
  const shortMs: number[] = []
  const complaints: string[] = []
  for (const lot of [...lots, after]) {
    const account = await accounts.of(lot.id)
    const [credit] = account.credits
    credits.push(...account.credits)
    if (account.credits.length !== 1)
      complaints.push(`${lot.title} got time back ${account.credits.length} times`)
    if (account.closedAt.length !== 1)
      complaints.push(`${lot.title} closed ${account.closedAt.length} times`)
    if (credit === undefined) continue
    const endsAt = Date.parse(lot.endsAt)
    const lostMs = Math.min(endsAt, freedAt) - lostAt
    const lostMsMax = Math.min(endsAt, backAt) - lostAt
    const givenMs = credit.endsAt - credit.at
    shortMs.push(lostMs - givenMs)
    if (credit.from !== endsAt) complaints.push(`${lot.title} was moved from another end`)
    // The store may take a while to serve again after its servers do: that counts as well.
    if (givenMs < lostMs - noticeMs - slackMs || (endsAt < backAt && givenMs > lostMsMax + slackMs))
      complaints.push(`${lot.title} lost ${lostMs} to ${lostMsMax} ms and got back ${givenMs} ms`)
    if ((account.closedAt[0] ?? 0) < credit.endsAt)
      complaints.push(`${lot.title} closed before its new end`)
  }
  const outageIds = new Set(credits.map(({ outageId }) => outageId))
  if (outageIds.size > 1) complaints.push(`one outage has names: ${[...outageIds].join(', ')}`)
  const { closedAt, credits: undue } = await accounts.of(before.id)
  if (undue.length > 0) complaints.push('what had closed before got time back')
  if (closedAt.length !== 1 || (closedAt[0] ?? Infinity) > lostAt)
    complaints.push(`what had to close before the outage closed at ${closedAt.join(', ')}`)
  return { credits, shortMs, complaints }
}

export function creditFigures({ credits, shortMs }: Credited) {
  const givenMs = credits.map(({ endsAt, at }) => endsAt - at)
  return {
    'credits given': credits.length,
    'given by incarnations': new Set(credits.map(({ writer }) => writer)).size,
    'outage ids': new Set(credits.map(({ outageId }) => outageId)).size,
    'given back, ms (least to most)': `${Math.min(...givenMs)} to ${Math.max(...givenMs)}`,
    'lost and not given back, ms (max)': Math.round(percentile(shortMs, 1) ?? NaN),
  }
}
