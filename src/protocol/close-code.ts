/** Why a node closed a socket: the range tells what to do. */
export const closeCodes = {
  /** The node leaves: reconnect now, to another one. */
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  /** The node leaves: reconnect now, to another one. */
  restarting: 1012,
  /** Back off, then try another node. */
  overloaded: 1013,
  /** The token in `hello` is unknown or ended: get a new one, then reconnect. */
  signInFirst: 4001,
  noSuchAuction: 4004,
  /** Too far behind: reconnect and resume. */
  slowConsumer: 4008,
  /** Slow down, then reconnect. */
  rateLimited: 4029,
} as const

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes]
