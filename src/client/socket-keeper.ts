import type { Clock, Timer } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Down, Welcome } from '../protocol/down.ts'
import type { Up } from '../protocol/up.ts'
import type { Advice, SocketEnd } from './close-advice.ts'
import type { ConnectionStatus } from './connection-status.ts'
import type { Reconnect } from './reconnect.ts'
import type { LinkListener, SocketLink } from './socket-link.ts'

/** Keeps one socket live while it is wanted, on whichever node serves. */
export interface SocketKeeper {
  readonly isSettled: boolean
  /** Whether a socket is on its way, so that waiting for it makes sense. */
  readonly isExpected: boolean
  /** From now on a socket is kept, until `release`. */
  want(): void
  release(): void
  /** False when there is no live socket: then nothing was sent. */
  send(frame: Up): boolean
  /** Another token is in force: says hello with it, or comes back where it was sent away. */
  tokenChanged(token: string | undefined): void
  retryNow(): void
  /** Goes to another node, if one is connected. */
  leave(why: SocketEnd['why']): void
  close(): void
}

export interface KeeperListener {
  /** `isNew`: another socket is live, so subscribe; else the node greets again, as who we are now. */
  onWelcome(url: string, welcome: Welcome, isNew: boolean): void
  onFrame(frame: Down): void
  /** The socket is gone; another follows unless the advice is to sign in. */
  onLost(advice: Advice): void
}

export interface KeeperDeps {
  open(url: string, listener: LinkListener): SocketLink
  reconnect: Reconnect
  status: ConnectionStatus
  clock: Clock
  log: Log
}

export function createSocketKeeper(deps: KeeperDeps, listener: KeeperListener): SocketKeeper {
  const { reconnect, status, clock } = deps
  let link: SocketLink | undefined
  let timer: Timer | undefined
  let isWanted = false

  function connect(): void {
    timer?.cancel()
    timer = undefined
    if (!isWanted || link !== undefined) return
    const url = reconnect.nextUrl(clock.monotonicMs())
    status.connecting()
    link = tryOpen(deps, url, {
      onWelcome: (welcome) =>
        listener.onWelcome(url, welcome, reconnect.greeted(clock.monotonicMs())),
      onFrame: (frame) => listener.onFrame(frame),
      onQuiet: (isQuiet) => status.quiet(isQuiet),
      onEnd: (end) => ended(url, end),
    })
    if (link === undefined) ended(url, notGreeted)
  }
  function ended(url: string, end: SocketEnd): void {
    const { advice, waitMs } = reconnect.ended(url, end, clock.monotonicMs())
    deps.log.debug({ url, ...end, advice, waitMs }, 'socket over')
    link = undefined
    status.lost(advice === 'sign-in')
    // Before anyone hears of it: a bid that was lost waits for the socket to come.
    if (isWanted && advice !== 'sign-in') timer = clock.setTimer(waitMs, connect)
    else status.idle()
    listener.onLost(advice)
  }
  function leave(why: SocketEnd['why']): void {
    if (link === undefined) return
    link.drop()
    ended(link.url, { why })
  }
  function release(): void {
    isWanted = false
    timer?.cancel()
    timer = undefined
    if (link === undefined) status.idle()
  }

  return {
    get isSettled() {
      return link?.isSettled ?? false
    },
    get isExpected() {
      return link !== undefined || timer !== undefined
    },
    want() {
      isWanted = true
      if (timer === undefined && !status.facts.isSignInNeeded) connect()
    },
    release,
    send: (frame) => link?.send(frame) ?? false,
    tokenChanged(token) {
      status.signInTried()
      if (link === undefined) connect()
      else if (token !== undefined) link.hello(token)
      // A node cannot be told to forget who we are: only a new socket is nobody's.
      else leave('signed-out')
    },
    retryNow() {
      if (!status.facts.isSignInNeeded) connect()
    },
    leave,
    close() {
      link?.drop()
      link = undefined
      release()
    },
  }
}

const notGreeted: SocketEnd = { why: 'not-greeted' }

function tryOpen(deps: KeeperDeps, url: string, listener: LinkListener): SocketLink | undefined {
  try {
    return deps.open(url, listener)
  } catch (error) {
    // A page may not open some addresses at all (mixed content, its own policy).
    deps.log.warn({ url, error }, 'no socket may be opened')
    return undefined
  }
}
