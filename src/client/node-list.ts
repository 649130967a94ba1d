import type { Entropy } from '../lib/entropy.ts'

/** The nodes a client knows: the given ones for good, and those learnt from the cluster, until it names others. */
export interface NodeList {
  readonly urls: readonly string[]
  /** Where to go: `prefer` if it is well, else a node that did not fail lately, else the one that failed longest ago. */
  pick(nowMs: number, wish?: { prefer?: string | undefined; avoid?: string | undefined }): string
  /** It is left alone for a while, under all its addresses. */
  failed(url: string, nowMs: number): void
  answered(url: string, nodeId: string | undefined): void
  /** Replaces what was learnt before. Addresses that are none are left out, and those beyond the limit. */
  learn(members: readonly { nodeId: string; url: string }[]): void
  /** This node is picked only where it is wished for, or no other is well. */
  keepApart(nodeId: string | undefined): void
}

interface Entry {
  readonly url: string
  readonly isSeed: boolean
  nodeId: string | undefined
  failedAtMs: number | undefined
}

export function createNodeList(
  seeds: readonly string[],
  options: { nodesMax: number; nodeRestMs: number; entropy: Entropy },
): NodeList {
  const seedUrls = unique(seeds.map(requireUrl))
  let entries: Entry[] = seedUrls.map((url) => newEntry(url, true))
  let apartFrom: string | undefined
  const find = (url: string | undefined) => entries.find((entry) => entry.url === url)
  return {
    get urls() {
      return entries.map((entry) => entry.url)
    },
    pick(nowMs, wish = {}) {
      const others = entries.filter((entry) => entry.url !== wish.avoid)
      const candidates = others.length > 0 ? others : entries
      const well = candidates.filter((entry) => !isResting(entry, nowMs, options.nodeRestMs))
      const preferred = wish.prefer ?? (wish.avoid === undefined ? seedUrls[0] : undefined)
      const wished = well.find((entry) => entry.url === preferred)
      const apart = well.filter(({ nodeId }) => nodeId === undefined || nodeId !== apartFrom)
      const chosen =
        wished ??
        oneOf(apart, options.entropy) ??
        oneOf(well, options.entropy) ??
        longestAgo(candidates)
      return chosen.url
    },
    keepApart: (nodeId) => void (apartFrom = nodeId),
    failed(url, nowMs) {
      const nodeId = find(url)?.nodeId
      for (const entry of entries)
        if (entry.url === url || (nodeId !== undefined && entry.nodeId === nodeId))
          entry.failedAtMs = nowMs
    },
    answered(url, nodeId) {
      const entry = find(url)
      if (entry === undefined) return
      entry.failedAtMs = undefined
      entry.nodeId = nodeId ?? entry.nodeId
    },
    learn(members) {
      const kept = entries.filter((entry) => entry.isSeed)
      for (const member of members) {
        const url = baseUrl(member.url)
        if (url === undefined || kept.length >= options.nodesMax) continue
        const known = find(url) ?? newEntry(url, false)
        known.nodeId = member.nodeId
        if (!kept.includes(known)) kept.push(known)
      }
      entries = kept
    },
  }
}

/** `http://host:port/` as `http://host:port`; undefined for what is no http address. */
export function baseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function requireUrl(text: string): string {
  const url = baseUrl(text)
  if (url === undefined)
    throw new TypeError(`a node's URL begins with http:// or https://, not "${text}"`)
  return url
}

function unique(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) throw new TypeError('a client needs the URL of at least one node')
  return [...new Set(urls)]
}

function newEntry(url: string, isSeed: boolean): Entry {
  return { url, isSeed, nodeId: undefined, failedAtMs: undefined }
}

function isResting(entry: Entry, nowMs: number, restMs: number): boolean {
  return entry.failedAtMs !== undefined && nowMs - entry.failedAtMs < restMs
}

function oneOf(entries: readonly Entry[], entropy: Entropy): Entry | undefined {
  return entries[Math.floor(entropy.random() * entries.length)]
}

function longestAgo(entries: readonly Entry[]): Entry {
  return entries.reduce((oldest, entry) =>
    (entry.failedAtMs ?? 0) < (oldest.failedAtMs ?? 0) ? entry : oldest,
  )
}
