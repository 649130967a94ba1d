import type { Down } from '../../../src/protocol/down.ts'
import type { EventJson } from '../../../src/protocol/event.ts'

/** What a viewer is told by one frame. */
export interface Heard {
  readonly kind: 'events' | 'snapshot' | 'other'
  /** Ids of bids, oldest first. */
  readonly bidIds: readonly string[]
  readonly text: string
}

const rememberedMax = 8

/** Reads frames that thousands of sockets receive alike: each is parsed once, and recognised by its bytes from then on. */
export function createFrameMemory(): (payload: Buffer) => Heard {
  const remembered: { bytes: Buffer; heard: Heard }[] = []
  return (payload) => {
    const known = remembered.find(({ bytes }) => bytes.equals(payload))
    if (known !== undefined) return known.heard
    // The payload's memory is used again.
    const bytes = Buffer.from(payload)
    const heard = read(bytes.toString())
    remembered.unshift({ bytes, heard })
    remembered.length = Math.min(remembered.length, rememberedMax)
    return heard
  }
}

function read(text: string): Heard {
  const frame = JSON.parse(text) as Down
  if (frame.type === 'events') return { kind: 'events', bidIds: bidsIn(frame.events), text }
  if (frame.type === 'snapshot') return { kind: 'snapshot', bidIds: bidsIn(frame.recent), text }
  return { kind: 'other', bidIds: [], text }
}

function bidsIn(events: readonly EventJson[]): string[] {
  return events.flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : []))
}
