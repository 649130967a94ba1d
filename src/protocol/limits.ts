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
  /** Sustained rate a second, and how many at once. Bids and writes by user, frames by socket, the rest by address. */
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
  /** Tokens that nobody knows, by address. */
  readonly wrongTokensPerSecond: number
  readonly wrongTokensBurst: number
  /** Frames over the rate after which the socket is closed with 4029; a tenth of them is forgiven each second. */
  readonly rateStrikesMax: number
  /** Scheduled or open, in the cluster and of one seller; `too-many-auctions` beyond. */
  readonly liveAuctionsMax: number
  readonly liveAuctionsPerSellerMax: number
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
  rateStrikesMax: 200,
  liveAuctionsMax: 20_000,
  liveAuctionsPerSellerMax: 500,
  pingEveryMs: 15_000,
  missedPingsMax: 2,
  drainSpreadMs: 1_000,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
}
