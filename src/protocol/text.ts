import { z } from 'zod'

/** Half a character, or one that would print the following text in another order than it was written. */
const deceiving = /[\p{Cs}\u202a-\u202e\u2066-\u2069]/u
const control = /\p{Cc}/u
const controlButLineBreaks = /[^\P{Cc}\n\r\t]/u

/** One line that people read: 1 to `max` characters (code points), blanks at both ends dropped. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .refine((text) => Array.from(text).length <= max, { error: `at most ${max} characters` })
    .refine((text) => !control.test(text) && !deceiving.test(text), {
      error: 'no control characters',
    })
    .meta({ maxLength: max })
}

/** Text of several lines, up to `bytesMax` bytes of UTF-8. */
export function prose(bytesMax: number) {
  return z
    .string()
    .refine((text) => utf8Length(text) <= bytesMax, { error: `at most ${bytesMax} bytes` })
    .refine((text) => !controlButLineBreaks.test(text) && !deceiving.test(text), {
      error: 'no control characters but line breaks',
    })
    .meta({ maxLength: bytesMax })
}

/** Bytes of UTF-8, without the platform's encoder: these files know neither Node nor the browser. */
function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}
