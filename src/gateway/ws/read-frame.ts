import { closeCodes } from '../../protocol/close-code.ts'
import { up, type Up } from '../../protocol/up.ts'
import { checkShape } from '../decode/check-shape.ts'
import { parseJson } from '../decode/parse-json.ts'
import { frameFault } from '../decode/issue.ts'
import { Fault } from '../fault.ts'
import { refuseBid } from './bid.ts'
import type { Connection } from './connection.ts'
import { sendFault } from './send-fault.ts'
import type { SocketDeps } from './socket-deps.ts'

/** Undefined when it was answered already: malformed, or over the rate. */
export function readFrame(text: string, connection: Connection, deps: SocketDeps): Up | undefined {
  const json = parseJson(text)
  const refuse = (fault: Fault) => {
    if (isBid(json)) refuseBid(json, fault, connection)
    else sendFault(connection.outlet, fault, auctionIdOf(json))
  }
  const retryAfterMs = takeFrame(connection, deps)
  if (retryAfterMs !== undefined) {
    refuse(new Fault('rate-limited', undefined, { retryAfterMs }))
    return undefined
  }
  if (json === undefined) {
    refuse(new Fault('bad-json', 'A frame is one JSON object.'))
    return undefined
  }
  const frame = checkShape(up, json)
  if (frame.success) return frame.data
  refuse(frameFault(frame.error))
  return undefined
}

/**
 * Counts a frame of any kind. Undefined when it is within the rate, else how long to wait. The socket is closed when it was told so
 * too often: then nothing more is sent.
 */
export function takeFrame(
  { frames, strikes, outlet }: Connection,
  { frameRate, strikeRate }: SocketDeps,
): number | undefined {
  if (frameRate.take(frames)) return undefined
  if (!strikeRate.take(strikes)) outlet.close(closeCodes.rateLimited, 'slow down')
  return frameRate.waitMs(frames)
}

function isBid(json: unknown): json is { type: 'bid'; bidId?: unknown; auctionId?: unknown } {
  return typeof json === 'object' && json !== null && 'type' in json && json.type === 'bid'
}

function auctionIdOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('auctionId' in json)) return undefined
  return typeof json.auctionId === 'string' ? json.auctionId.slice(0, 64) : undefined
}
