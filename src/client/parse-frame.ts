import type { Down } from '../protocol/down.ts'

/**
 * A frame from a node, or undefined for what this client does not know. Checked as far as a wrong type would break the
 * client itself; the rest is trusted, as the schemas would be too large for a page.
 */
export function parseFrame(text: unknown): Down | undefined {
  const frame = typeof text === 'string' ? parseObject(text) : undefined
  return frame !== undefined && isDown(frame) ? (frame as unknown as Down) : undefined
}

/** The JSON object in a text, or undefined. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isDown(frame: Record<string, unknown>): boolean {
  const isText = (...names: string[]) => names.every((name) => typeof frame[name] === 'string')
  const isNumber = (...names: string[]) => names.every((name) => Number.isFinite(frame[name]))
  const isList = (name: string) => {
    const value = frame[name]
    return (
      Array.isArray(value) && value.every((item) => isObject(item) && Number.isFinite(item['seq']))
    )
  }
  switch (frame['type']) {
    case 'welcome':
      return isText('nodeId')
    case 'snapshot':
      return (
        isText('auctionId', 'epoch') &&
        isNumber('seq') &&
        isObject(frame['auction']) &&
        isList('recent')
      )
    case 'events':
      return (
        isText('auctionId', 'epoch') &&
        isNumber('prevSeq', 'seq') &&
        isObject(frame['auction']) &&
        isList('events')
      )
    case 'outcome':
      return isText('bidId', 'auctionId', 'outcome')
    case 'time':
      return isNumber('t0', 't1', 't2')
    case 'paused':
      return isText('reason')
    case 'presence':
      return isText('auctionId') && isNumber('watchers')
    case 'error':
      return isText('code')
    default:
      return frame['type'] === 'resumed'
  }
}
