/** Opcodes of RFC 6455 that a server sends us. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

export type OnFrame = (opcode: number, payload: Buffer) => void

const none = Buffer.alloc(0)

/** Cuts what a server sends into frames: unmasked and unfragmented, as `ws` sends them. A payload is valid during the call only. */
export function createFrameReader(onFrame: OnFrame): (chunk: Buffer) => void {
  let rest: Buffer = none
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (bytes.length - at >= 2) {
      const short = (bytes[at + 1] ?? 0) & 0x7f
      const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2
      if (bytes.length - at < headBytes) break
      const start = at + headBytes
      const end = start + lengthOf(bytes, at, short)
      if (bytes.length < end) break
      onFrame((bytes[at] ?? 0) & 0x0f, bytes.subarray(start, end))
      at = end
    }
    rest = at === bytes.length ? none : bytes.subarray(at)
  }
}

function lengthOf(bytes: Buffer, at: number, short: number): number {
  if (short === 126) return bytes.readUInt16BE(at + 2)
  if (short === 127) return Number(bytes.readBigUInt64BE(at + 2))
  return short
}
