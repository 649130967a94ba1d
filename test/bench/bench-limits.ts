/** All load of a bench comes from one address and stands for that of many: what counts by address or for the node is out of its way. */
export const benchLimits = {
  readsPerSecond: 1e6,
  readsBurst: 1e6,
  sessionsPerSecond: 1e6,
  sessionsBurst: 1e6,
  subscribesPerSecond: 1e6,
  subscribesBurst: 1e6,
  addressBidsPerSecond: 1e6,
  addressBidsBurst: 1e6,
  addressWritesPerSecond: 1e6,
  addressWritesBurst: 1e6,
  nodeUnitsPerSecond: 1e6,
  nodeUnitsBurst: 1e6,
  nodeBidsPerSecond: 1e6,
  nodeBidsBurst: 1e6,
  guestsPerAddressPerHour: 1e6,
  guestsPerNodePerHour: 1e6,
  // What was counted just now is read at once.
  metricsKeptMs: 1,
  liveAuctionsMax: 1e6,
  liveAuctionsPerSellerMax: 1e6,
  liveAuctionsPerAddressMax: 1e6,
} as const

/** As `lotkeeper serve` takes them from its environment. */
export const benchLimitsText = Object.entries(benchLimits)
  .map(([name, value]) => `${name}=${value}`)
  .join(',')
