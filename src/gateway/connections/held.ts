import type { Socket } from 'node:net'

/** A TCP connection that was let in: what of it is asked, answered and not taken. */
export interface Held {
  /** Once TLS has begun, the socket above it. */
  socket: Socket
  /** Plain address of the other end. */
  readonly address: string
  /** Whose share it counts against; undefined for trusted proxies and for nodes of the cluster. */
  group: string | undefined
  /** Whether it became a WebSocket. */
  isUpgraded: boolean
  /** Requests that were read and not answered, those that wait among them. */
  unansweredCount: number
  /** Of these the ones that are worked on, or whose answers are not taken. */
  begunCount: number
  /** Requests behind those that are worked on, in order. */
  readonly waiting: (() => void)[]
  /** Bytes of bodies of answers that the other end has not taken. */
  unreadBytes: number
  /** Since when it owes us taking an answer: the last one was taken then, or the first request came. */
  owesSinceMs: number
  /** Whether nothing more is read until some of what was asked is answered. */
  isPaused: boolean
  /** Called once nothing is unanswered. */
  onAnswered: (() => void) | undefined
}
