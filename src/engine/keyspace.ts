import { assert } from '../lib/assert.ts'
import { ulidPattern } from '../lib/ulid.ts'

/** Every key that Lotkeeper writes. The only file with key literals; docs/architecture.md explains the layout. */
const bucketOf = (auctionId: string): string => {
  assert(ulidPattern.test(auctionId), `bad auction id ${auctionId}`)
  return auctionId.slice(-1)
}

/** Of keys named by a hash in hex: its first two digits. A list of a directory is one answer, so none may grow with strangers. */
const hashBucketOf = (hash: string): string => {
  assert(/^[0-9a-f]{3,}$/.test(hash), `bad hash ${hash}`)
  return hash.slice(0, 2)
}

/** The 256 buckets of keys that are named by a hash. */
export const hashBuckets: readonly string[] = Array.from({ length: 256 }, (_, index) =>
  index.toString(16).padStart(2, '0'),
)

/** The 32 buckets: the last character of a ULID spreads evenly. */
export const buckets: readonly string[] = Array.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ')

export const keys = {
  /** Newest state of an auction; put by every commit, never deleted. */
  head: (auctionId: string) => `head/${bucketOf(auctionId)}/${auctionId}`,
  heads: (bucket: string) => `head/${bucket}`,
  /** One batch of events; created exclusively, never changed. Slots count from 1. */
  slot: (auctionId: string, slot: number) => `log/${auctionId}/${String(slot).padStart(10, '0')}`,
  /** Hashes of accepted bid ids, oldest first, 4,096 a chunk; written beside the log. */
  ids: (auctionId: string, chunk: number) => `ids/${auctionId}/${String(chunk).padStart(6, '0')}`,
  /** Title, description: written once. */
  lot: (auctionId: string) => `lot/${auctionId}`,
  /** Stands from creation to close or cancel: the leader's to-do list. */
  live: (auctionId: string) => `live/${bucketOf(auctionId)}/${auctionId}`,
  lives: (bucket: string) => `live/${bucket}`,
  /** Contenders for an auction's lock; the first is the holder. */
  locks: (auctionId: string) => `locks/${auctionId}`,
  /** Contenders for leadership. */
  leader: 'leader',
  members: 'members',
  /** Guest sessions by the hash of their token. */
  session: (tokenHash: string) => `sessions/${hashBucketOf(tokenHash)}/${tokenHash}`,
  sessions: (hashBucket: string) => `sessions/${hashBucket}`,
  /** Answers to creations by the hash of seller and idempotency key. */
  request: (hash: string) => `requests/${hashBucketOf(hash)}/${hash}`,
  requests: (hashBucket: string) => `requests/${hashBucket}`,
  /** Stands for each person who bid or sold, by the hash of their id: their sessions are kept. */
  active: (personHash: string) => `active/${hashBucketOf(personHash)}/${personHash}`,
  actives: (hashBucket: string) => `active/${hashBucket}`,
  /** What signs a person in on another node, once, by the hash of it. */
  ticket: (hash: string) => `tickets/${hashBucketOf(hash)}/${hash}`,
  tickets: (hashBucket: string) => `tickets/${hashBucket}`,
  /** The sessions that ended lately, for every node to watch; put with each ending. */
  changes: 'changes',
  /** The name of this cluster, which its cookies carry; made at the first start. */
  cluster: 'config/cluster',
  /** Counts unclean starts of an embedded store: part of every epoch. */
  generation: 'config/generation',
  /** The newest outages of the store, in cluster time. */
  outage: 'config/outage',
  /** When nodes last served without a leader, in cluster time. */
  served: 'config/served',
  /** Shared by the nodes, so that they know each other; made at its first use, changed by the operator. */
  secret: 'config/secret',
} as const

/** Roots whose keys are never deleted: their versions can be trusted for ever. */
export const permanentRoots: readonly string[] = ['head', 'clock', 'config', 'changes']
