import type { Clock } from '../lib/clock.ts'
import { decodeJson, encodeJson } from './json.ts'

/** What a contender writes into its key, for people to read; no decision depends on it. */
export function contenderValue(nodeId: string, clock: Clock): Uint8Array {
  return encodeJson({ nodeId, since: Math.floor(clock.wallMs()) })
}

/** The node that wrote a contender's value; a question mark when it cannot be read. */
export function nodeIdIn(value: Uint8Array): string {
  const nodeId = decodeJson(value)?.['nodeId']
  return typeof nodeId === 'string' ? nodeId : '?'
}
