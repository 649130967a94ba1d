import { closeCodes } from '../../protocol/close-code.ts'
import { up, type Up } from '../../protocol/up.ts'
import { frameFault } from '../decode/issue.ts'
import { Fault } from '../fault.ts'
import { refuseBid } from './bid.ts'
import type { Connection } from './connection.ts'
import { sendFault } from './send-fault.ts'
import type { SocketDeps } from './socket-deps.ts'

/** Undefined when it was answered already: malformed, or over the rate. */
export function readFrame(
  text: string,
  connection: Connection,
  { frameRate, limits }: SocketDeps,
): Up | undefined {
  const json = parseJson(text)
  const refuse = (fault: Fault) => {
    if (isBid(json)) refuseBid(json, fault, connection)
    else sendFault(connection.outlet, fault, auctionIdOf(json))
  }
  if (!frameRate.take(connection.frames)) {
    const retryAfterMs = frameRate.waitMs(connection.frames)
    refuse(new Fault('rate-limited', undefined, { retryAfterMs }))
    connection.strikeCount++
    if (connection.strikeCount > limits.rateStrikesMax) {
      connection.outlet.close(closeCodes.rateLimited, 'slow down')
    }
    return undefined
  }
  connection.strikeCount = 0
  if (json === undefined) {
    refuse(new Fault('bad-json', 'A frame is one JSON object.'))
    return undefined
  }
  const frame = up.safeParse(json)
  if (frame.success) return frame.data
  refuse(frameFault(frame.error))
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isBid(json: unknown): json is { type: 'bid'; bidId?: unknown; auctionId?: unknown } {
  return typeof json === 'object' && json !== null && 'type' in json && json.type === 'bid'
}

function auctionIdOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('auctionId' in json)) return undefined
  return typeof json.auctionId === 'string' ? json.auctionId.slice(0, 64) : undefined
}
