import { unreachable } from '../../lib/assert.ts'
import { Mailbox } from '../../lib/mailbox.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import type { Subscribe, Time, Up } from '../../protocol/up.ts'
import { Fault, faultOf } from '../fault.ts'
import { answerBid } from './bid.ts'
import type { Connection } from './connection.ts'
import { hello } from './greeting.ts'
import { prices } from '../prices.ts'
import { readFrame, takeFrame } from './read-frame.ts'
import { sendFault } from './send-fault.ts'
import type { SocketDeps } from './socket-deps.ts'

/** What to do with a frame from a client, text or not. */
export type OnFrame = (text: string | undefined) => void

/** Frames that wait until it is known who sent them. */
const waitingFramesMax = 64

/**
 * Frames of one socket, in order: what follows a hello waits until it is known who that was, while bids and subscriptions
 * run side by side.
 * @param greeted settles when the welcome has been sent
 */
export function createFrames(
  connection: Connection,
  deps: SocketDeps,
  greeted: Promise<void>,
): OnFrame {
  // Only while somebody is waited for: most viewers say one thing and then listen.
  let waiting: Mailbox<string> | undefined
  let isHeld = true
  const hold = (until: Promise<void>) => {
    const held = (waiting ??= new Mailbox({ capacity: waitingFramesMax }))
    isHeld = true
    void until.catch(broken).then(() => {
      isHeld = false
      while (!isHeld) {
        const text = held.take()
        if (text === undefined) {
          waiting = undefined
          return
        }
        take(text)
      }
    })
  }
  /** Whatever one frame brings to light costs its own socket, never the node. */
  const broken = (error: unknown) => {
    deps.log.error({ error }, 'a frame failed')
    sendFault(connection.outlet, faultOf(error))
    connection.outlet.close(closeCodes.policy, 'the node failed at this frame')
  }
  const take = (text: string) => {
    if (!connection.outlet.isOpen()) return
    try {
      const frame = readFrame(text, connection, deps)
      if (frame?.type === 'hello') hold(hello(frame, connection, deps))
      else if (frame !== undefined) dispatch(frame, connection, deps)
    } catch (error) {
      broken(error)
    }
  }
  hold(greeted)
  return (text) => {
    if (!connection.outlet.isOpen()) return
    if (text === undefined) {
      const retryAfterMs = takeFrame(connection, deps)
      const fault =
        retryAfterMs === undefined
          ? new Fault('bad-message', 'Send text.')
          : new Fault('rate-limited', undefined, { retryAfterMs })
      sendFault(connection.outlet, fault)
    } else if (!isHeld) take(text)
    else if (waiting?.offer(text) === false) {
      connection.outlet.close(closeCodes.rateLimited, 'too many frames before the welcome')
    }
  }
}

function dispatch(
  frame: Exclude<Up, { type: 'hello' }>,
  connection: Connection,
  deps: SocketDeps,
): void {
  switch (frame.type) {
    case 'bid':
      void answerBid(frame, connection, deps)
      return
    case 'subscribe':
      void subscribe(frame, connection, deps)
      return
    case 'unsubscribe':
      connection.subscriptions.end(frame.auctionId)
      return
    case 'time':
      tellTime(frame, connection, deps)
      return
    default:
      unreachable(frame)
  }
}

async function subscribe(
  { auctionId, after }: Subscribe,
  { address, outlet, subscriptions }: Connection,
  { log, rates }: SocketDeps,
): Promise<void> {
  try {
    const isAgain = subscriptions.isWatching(auctionId)
    rates.take('subscribes', { address }, isAgain ? prices.subscribeAgain : prices.subscribe)
    await subscriptions.start(auctionId, after)
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code === 'no-such-auction') {
      rates.charge('subscribes', { address }, prices.unknownAuction)
    }
    if (fault.code === 'internal') log.error({ error, auctionId }, 'subscribing failed')
    sendFault(outlet, fault, auctionId)
    // A room that does not exist was all that it came for; whoever watches others keeps them.
    if (fault.code === 'no-such-auction' && subscriptions.isEmpty()) {
      outlet.close(closeCodes.noSuchAuction, 'no such auction')
    }
  }
}

function tellTime(
  { t0 }: Time,
  { address, outlet }: Connection,
  { engine, rates }: SocketDeps,
): void {
  try {
    rates.take('reads', { address }, prices.timeFrame)
  } catch (error) {
    sendFault(outlet, faultOf(error))
    return
  }
  const t1 = engine.time.now()
  if (t1 === undefined) sendFault(outlet, new Fault('unsettled'))
  else outlet.send({ type: 'time', t0, t1, t2: engine.time.now() ?? t1 })
}
