import { opcodes } from './frame-bytes.ts'

/** The whole text frames of a server that follow the handshake's answer. @param latin1 all that came, a character a byte */
export function textFramesIn(latin1: string): string[] {
  return framesIn(latin1).flatMap(({ opcode, payload }) =>
    opcode === opcodes.text ? [payload.toString()] : [],
  )
}

/** Of the close frame, if one came. */
export function closeCodeIn(latin1: string): number | undefined {
  const close = framesIn(latin1).find(({ opcode }) => opcode === opcodes.close)
  return close === undefined || close.payload.length < 2 ? undefined : close.payload.readUInt16BE(0)
}

function framesIn(latin1: string): { opcode: number; payload: Buffer }[] {
  const bytes = Buffer.from(latin1.slice(latin1.indexOf('\r\n\r\n') + 4), 'latin1')
  const frames: { opcode: number; payload: Buffer }[] = []
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f
    const headLength = short === 127 ? 10 : short === 126 ? 4 : 2
    if (at + headLength > bytes.length) break
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short
    const end = at + headLength + length
    if (end > bytes.length) break
    frames.push({ opcode: bytes[at]! & 15, payload: bytes.subarray(at + headLength, end) })
    at = end
  }
  return frames
}
