/**
 * Text of other people for a line of a terminal: what would move the cursor, colour, break the line or turn its direction is
 * shown as its code (`\u{1b}`), so that nobody forges what a command says.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (sign) => {
    const point = sign.codePointAt(0) ?? 0
    return joiners.has(point) ? sign : `\\u{${point.toString(16)}}`
  })
}

/** Emoji and some alphabets are spelt with them. */
const joiners: ReadonlySet<number> = new Set([0x200c, 0x200d])
