import type { ProtocolLimits } from '../protocol/limits.ts'

/** For the store, its files, the log and the links to other nodes. */
const reserveMax = 256
/** Of all connections; the rest is for HTTP. */
const socketsShare = 0.8

/** What is lowered because the process may not have so many descriptors; nothing when it may, or when nobody knows. */
export function fitLimits(
  limits: ProtocolLimits,
  descriptors: number | undefined,
): Pick<Partial<ProtocolLimits>, 'connectionsPerNodeMax' | 'socketsPerNodeMax'> {
  if (descriptors === undefined) return {}
  const { connectionsPerNodeMax, socketsPerNodeMax } = limits
  const reserve = Math.min(reserveMax, Math.floor(descriptors / 4))
  const connections = Math.min(connectionsPerNodeMax, descriptors - reserve)
  const sockets = Math.min(socketsPerNodeMax, Math.floor(connections * socketsShare))
  return {
    ...(connections < connectionsPerNodeMax && { connectionsPerNodeMax: connections }),
    ...(sockets < socketsPerNodeMax && { socketsPerNodeMax: sockets }),
  }
}
