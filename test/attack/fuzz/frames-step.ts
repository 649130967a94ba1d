import { frameBytes, opcodes } from '../stage/frame-bytes.ts'
import type { Draw } from './draw.ts'
import { mutatedBytes, mutatedJson, oddValue } from './odd-values.ts'

/** Frames of one connection: valid messages with something odd about their JSON, their frames or their bytes. */
export function framesStep(draw: Draw, message: (draw: Draw) => string): Buffer {
  const frames = Array.from({ length: 1 + draw.below(10) }, () => framed(draw, message(draw)))
  const bytes = Buffer.concat(frames)
  return draw.chance(0.2) ? mutatedBytes(draw, bytes) : bytes
}

function framed(draw: Draw, text: string): Buffer {
  if (draw.chance(0.65)) return frameBytes(text)
  const payload = Buffer.from(text)
  const cut = draw.below(payload.length + 1)
  switch (draw.below(9)) {
    case 0:
      return Buffer.concat([
        frameBytes(payload.subarray(0, cut), { isFinal: false }),
        ...(draw.chance(0.5) ? [frameBytes('ping', { opcode: opcodes.ping })] : []),
        frameBytes(payload.subarray(cut), { opcode: opcodes.continuation }),
      ])
    case 1:
      return frameBytes(payload, { opcode: opcodes.binary })
    case 2:
      return frameBytes(draw.bytes(130), { opcode: draw.pick([opcodes.ping, opcodes.pong]) })
    case 3:
      return frameBytes(draw.bytes(130), { opcode: opcodes.close })
    case 4:
      return frameBytes(payload, { opcode: draw.below(16) })
    case 5:
      return frameBytes(payload, { reserved: 1 + draw.below(7) })
    case 6:
      return frameBytes(payload, { isMasked: false })
    case 7:
      return frameBytes(payload, { length: draw.pick([0, 125, 126, 65_535, 65_536, 2 ** 40]) })
    default:
      return frameBytes(draw.bytes(200))
  }
}

/** A message of a person's page. */
export function personMessage(auctionId: string, token: string) {
  return (draw: Draw): string => {
    const id = draw.chance(0.8) ? auctionId : draw.text(70)
    const after = draw.pick([
      { epoch: 'x', seq: 0 },
      { epoch: 'g1', seq: draw.below(9) },
      oddValue(draw),
    ])
    const valid = draw.pick<Record<string, unknown>>([
      { type: 'hello', token: draw.chance(0.7) ? token : draw.text(50) },
      { type: 'subscribe', auctionId: id },
      { type: 'subscribe', auctionId: id, after },
      { type: 'unsubscribe', auctionId: id },
      {
        type: 'bid',
        bidId: `framed-bid-${draw.below(50)}`,
        auctionId: id,
        amount: `${100 + draw.below(1e6)}.00`,
      },
      { type: 'time', t0: draw.below(1_000) },
    ])
    return mutatedJson(draw, valid)
  }
}

/** A message of another node: `[forward, …]`, a forward `[number, auctionId, lockKey, [bid, …]]`. */
export function nodeMessage(auctionId: string) {
  return (draw: Draw): string => {
    const odd = (value: unknown) => (draw.chance(0.08) ? oddValue(draw) : value)
    const bids = Array.from({ length: draw.below(4) }, () =>
      odd([
        odd(`forwarded-${draw.below(50)}`),
        odd(auctionId),
        odd(draw.text(20)),
        odd(draw.below(1e9)),
        odd(draw.below(2e12)),
      ]),
    )
    const forward = () =>
      odd([odd(1 + draw.below(40)), odd(auctionId), odd(`locks/${auctionId}/x~1`), odd(bids)])
    const text = JSON.stringify(Array.from({ length: 1 + draw.below(3) }, forward))
    return draw.chance(0.05) ? text.slice(0, draw.below(text.length)) : text
  }
}
