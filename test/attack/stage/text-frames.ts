/** The whole text frames of a server that follow the handshake's answer. @param latin1 all that came, a character a byte */
export function textFramesIn(latin1: string): string[] {
  const bytes = Buffer.from(latin1.slice(latin1.indexOf('\r\n\r\n') + 4), 'latin1')
  const texts: string[] = []
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
    if ((bytes[at]! & 15) === 1) texts.push(bytes.toString('utf8', at + headLength, end))
    at = end
  }
  return texts
}
