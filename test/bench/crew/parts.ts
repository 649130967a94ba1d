/** Every part that a process of the crew may play; loaded only where it is played. */
export const parts = {
  bidders: async () => (await import('../load/bidders.ts')).openBidders,
  viewers: async () => (await import('../load/viewers.ts')).openViewers,
  'memory-nodes': async () => (await import('./memory-nodes.ts')).openMemoryNodes,
  'raw-commits': async () => (await import('../references/raw-commits.ts')).openRawCommits,
  'lock-per-bid': async () => (await import('../references/lock-per-bid.ts')).openLockPerBid,
  'row-lock': async () => (await import('../references/row-lock.ts')).openRowLock,
  'echo-node': async () => (await import('../references/echo-node.ts')).openEchoNode,
  'bare-sockets': async () => (await import('../references/bare-sockets.ts')).openBareSockets,
} as const
export type Parts = { [Name in keyof typeof parts]: Awaited<ReturnType<(typeof parts)[Name]>> }
