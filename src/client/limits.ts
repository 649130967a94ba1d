import type { ClientLimits } from './client.ts'

/** The node's own bounds stand behind some: it answers a bid within about 7 s, and pings every 15 s. */
export const clientLimits: ClientLimits = {
  connectTimeoutMs: 3_000,
  timeEveryMs: 5_000,
  quietMs: 3_000,
  silenceMs: 10_000,
  pausePatienceMs: 3_000,
  callTimeoutMs: 5_000,
  callTriesMax: 4,
  bidReplyMs: 8_000,
  bidTotalMs: 30_000,
  bidCopiesMax: 40,
  bidsWaitingMax: 200,
  liveWaitMs: 1_000,
  watchesMax: 200,
  nodesMax: 32,
  nodeRestMs: 10_000,
  nodesEveryMs: 30_000,
  reconnectMinMs: 100,
  reconnectMaxMs: 10_000,
}
