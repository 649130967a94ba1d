/** What a node takes from callers, and what happens beyond. The same on every node; counts are per node. */
export interface ProtocolLimits {
  /** 413 beyond. */
  readonly bodyBytesMax: number
  /** Of all headers of a request; 431 beyond. */
  readonly headerBytesMax: number
  /** Socket closed with 1009 beyond. */
  readonly frameBytesMax: number
  readonly titleCharactersMax: number
  readonly descriptionBytesMax: number
  readonly nameCharactersMax: number
  readonly durationMsMin: number
  readonly durationMsMax: number
  readonly incrementBandsMax: number
  /** Of `GET /auctions` and `GET /auctions/{id}/events`: what is asked for at most, and without asking. */
  readonly pageItemsMax: number
  readonly pageItemsDefault: number
  /** `subscribe` beyond gets an error `too-many-subscriptions`. */
  readonly subscriptionsPerSocketMax: number
  /** Bids of one socket that wait for their outcome; beyond: outcome `overloaded`. */
  readonly bidsInFlightPerSocketMax: number
  /** Further sockets are closed with 1013. */
  readonly socketsPerNodeMax: number
  readonly socketsPerAddressMax: number
  /** Of all kinds, below the descriptors that the process may have; beyond, the address with the most loses one. */
  readonly connectionsPerNodeMax: number
  /** And never more than half of those of the node. Not for trusted proxies. */
  readonly connectionsPerAddressMax: number
  /** Of one connection that are read and not answered; of these 8 are worked on. Cut beyond. */
  readonly requestsUnansweredMax: number
  /** A connection that takes nothing of an answer for this long is cut, and one that takes 10 times this for all of it. */
  readonly unreadMsMax: number
  /** Of bodies of answers that were not taken, in all; beyond, the connection with the most is cut. */
  readonly unreadBytesMax: number
  /**
   * Sustained rate a second, and how many at once. Bids and writes by person, frames by socket, the rest by address; calls cost
   * more than one each as src/gateway/prices.ts says.
   */
  readonly bidsPerSecond: number
  readonly bidsBurst: number
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly writesPerSecond: number
  readonly writesBurst: number
  readonly readsPerSecond: number
  readonly readsBurst: number
  readonly sessionsPerSecond: number
  readonly sessionsBurst: number
  /** Tokens that nobody knows, by address; beyond, further wrong ones are refused, right ones are not. */
  readonly wrongTokensPerSecond: number
  readonly wrongTokensBurst: number
  /** Of all people behind one address together: a hall or an office behind one router is one address. */
  readonly addressBidsPerSecond: number
  readonly addressBidsBurst: number
  readonly addressWritesPerSecond: number
  readonly addressWritesBurst: number
  /** Frames `subscribe`, by address, at their price. */
  readonly subscribesPerSecond: number
  readonly subscribesBurst: number
  /** Of the node as a whole; beyond, each address gets its fair share. Units are those of reads: one is a `GET /time`. */
  readonly nodeUnitsPerSecond: number
  readonly nodeUnitsBurst: number
  readonly nodeBidsPerSecond: number
  readonly nodeBidsBurst: number
  /** Tokens that are looked up in the store. */
  readonly nodeLookUpsPerSecond: number
  readonly nodeLookUpsBurst: number
  /** People and addresses whose use is remembered, for each rate; the one that used least lately is forgotten. */
  readonly countedKeysMax: number
  /** Frames over the rate after which the socket is closed with 4029; a tenth of them is forgiven each second. */
  readonly rateStrikesMax: number
  /** Scheduled or open, in the cluster and of one seller; `too-many-auctions` beyond. */
  readonly liveAuctionsMax: number
  readonly liveAuctionsPerSellerMax: number
  /** Of those made on this node from one address. */
  readonly liveAuctionsPerAddressMax: number
  /** Made on this node; `too-many-guests` beyond. */
  readonly guestsPerAddressPerHour: number
  readonly guestsPerNodePerHour: number
  /** Of the bytes that the store may hold; from there on new guests and auctions are refused as `store-full`. */
  readonly storeFillPercentMax: number
  /** Scrapes of the metrics that are closer to each other get the same. */
  readonly metricsKeptMs: number
  readonly pingEveryMs: number
  readonly missedPingsMax: number
  /** Closing of all sockets when a node leaves is spread over this. */
  readonly drainSpreadMs: number
  readonly requestTimeoutMs: number
  readonly headersTimeoutMs: number
}

export const protocolLimits: ProtocolLimits = {
  bodyBytesMax: 16 * 1024,
  headerBytesMax: 16 * 1024,
  frameBytesMax: 8 * 1024,
  titleCharactersMax: 200,
  descriptionBytesMax: 4 * 1024,
  nameCharactersMax: 40,
  durationMsMin: 1_000,
  durationMsMax: 90 * 86_400_000,
  incrementBandsMax: 32,
  pageItemsMax: 200,
  pageItemsDefault: 50,
  subscriptionsPerSocketMax: 200,
  bidsInFlightPerSocketMax: 1_000,
  socketsPerNodeMax: 20_000,
  socketsPerAddressMax: 5_000,
  connectionsPerNodeMax: 25_000,
  connectionsPerAddressMax: 6_000,
  requestsUnansweredMax: 64,
  unreadMsMax: 30_000,
  unreadBytesMax: 64 * 1024 * 1024,
  bidsPerSecond: 200,
  bidsBurst: 400,
  framesPerSecond: 300,
  framesBurst: 600,
  writesPerSecond: 50,
  writesBurst: 500,
  readsPerSecond: 1_000,
  readsBurst: 4_000,
  sessionsPerSecond: 200,
  sessionsBurst: 2_000,
  wrongTokensPerSecond: 20,
  wrongTokensBurst: 200,
  addressBidsPerSecond: 2_000,
  addressBidsBurst: 10_000,
  addressWritesPerSecond: 200,
  addressWritesBurst: 2_000,
  subscribesPerSecond: 1_000,
  subscribesBurst: 10_000,
  nodeUnitsPerSecond: 3_000,
  nodeUnitsBurst: 12_000,
  nodeBidsPerSecond: 5_000,
  nodeBidsBurst: 20_000,
  nodeLookUpsPerSecond: 1_000,
  nodeLookUpsBurst: 4_000,
  countedKeysMax: 20_000,
  rateStrikesMax: 200,
  liveAuctionsMax: 20_000,
  liveAuctionsPerSellerMax: 500,
  liveAuctionsPerAddressMax: 2_000,
  guestsPerAddressPerHour: 600,
  guestsPerNodePerHour: 20_000,
  storeFillPercentMax: 90,
  metricsKeptMs: 1_000,
  pingEveryMs: 15_000,
  missedPingsMax: 2,
  drainSpreadMs: 1_000,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
}

/** Part of the protocol: clients, pages and other nodes rely on them, so no node has others. */
export const fixedLimitNames = [
  'titleCharactersMax',
  'descriptionBytesMax',
  'nameCharactersMax',
  'durationMsMin',
  'durationMsMax',
  'incrementBandsMax',
  'pageItemsMax',
  'pageItemsDefault',
] as const

/** What a node may be told to take instead. */
export type NodeLimits = Omit<ProtocolLimits, (typeof fixedLimitNames)[number]>

/** The first sentence that is wrong with the limits; undefined when they agree with each other. */
export function limitsFault(limits: NodeLimits): string | undefined {
  for (const [name, value] of Object.entries(limits)) {
    if (!name.endsWith('PerSecond')) continue
    const burstName = name.replace('PerSecond', 'Burst')
    const burst = (limits as unknown as Record<string, number>)[burstName]
    if (burst !== undefined && burst < value) {
      return `${burstName} (${burst}) is below ${name} (${value}): give both.`
    }
  }
  const pairs = [
    ['headersTimeoutMs', 'requestTimeoutMs'],
    ['socketsPerAddressMax', 'socketsPerNodeMax'],
  ] as const
  for (const [low, high] of pairs) {
    if (limits[low] > limits[high]) {
      return `${low} (${limits[low]}) is above ${high} (${limits[high]}): give both.`
    }
  }
  return undefined
}
