import type { AuctionList } from './auction-list.ts'
import type { AuctionRecord, ListQuery } from './engine.ts'
import { engineLimits } from './limits.ts'
import type { Listed } from './list-entries.ts'

/** A page of the list after the cursor, which names the last auction shown: `<endsAt>~<id>`. */
export async function readPage(
  list: AuctionList,
  { phase, limit, cursor }: ListQuery,
  get: (id: string) => Promise<AuctionRecord>,
): Promise<{ items: AuctionRecord[]; nextCursor: string | null } | undefined> {
  const after = cursor === undefined ? undefined : parseCursor(cursor)
  if (cursor !== undefined && after === undefined) return undefined
  const isWanted = (entry: Listed) =>
    (phase === undefined || entry.phase === phase) && (after === undefined || isAfter(entry, after))
  const pick = async () => firstOf(await list.read(), isWanted, limit + 1)
  let found = await pick()
  // What moved goes to a later page, and another takes its place: that one is to be read too.
  for (let tries = 0; tries < repickMax && (await list.freshen(found)); tries++)
    found = await pick()
  const page = found.slice(0, limit)
  const items: AuctionRecord[] = []
  for (let at = 0; at < page.length; at += engineLimits.parallelReads) {
    const some = page.slice(at, at + engineLimits.parallelReads)
    items.push(...(await Promise.all(some.map((entry) => get(entry.id)))))
  }
  const last = page.at(-1)
  const hasMore = found.length > page.length && last !== undefined
  return { items, nextCursor: hasMore ? `${last.endsAt}~${last.id}` : null }
}

/** Then the page is told as it is known. */
const repickMax = 8

function firstOf(all: readonly Listed[], isWanted: (entry: Listed) => boolean, countMax: number) {
  const found: Listed[] = []
  for (const entry of all) {
    if (found.length >= countMax) break
    if (isWanted(entry)) found.push(entry)
  }
  return found
}

function parseCursor(cursor: string): Pick<Listed, 'endsAt' | 'id'> | undefined {
  const match = /^(\d{1,16})~([0-9A-Z]{26})$/.exec(cursor)
  return match === null ? undefined : { endsAt: Number(match[1]), id: match[2] ?? '' }
}

function isAfter(entry: Listed, after: Pick<Listed, 'endsAt' | 'id'>): boolean {
  return entry.endsAt > after.endsAt || (entry.endsAt === after.endsAt && entry.id > after.id)
}
