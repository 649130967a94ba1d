import { z } from 'zod'
import { hasDisguisedWord } from '../lib/skeleton.ts'

/** Marks over one letter: more than any language writes, and they cover the lines around. */
const marksInARowMax = 4

/** Pictures made of several characters, which hold joiners and variation selectors by right. */
const emoji =
  /\p{Extended_Pictographic}\p{EMod}?\uFE0F?(?:\u200D\p{Extended_Pictographic}\p{EMod}?\uFE0F?)*|[0-9#*]\uFE0F\u20E3/gu
/** A joiner between letters of an alphabet that spells with it: Persian, Hindi and their kin. */
const joined =
  /([\p{scx=Arab}\p{scx=Syrc}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}])[\u200C\u200D](?=[\p{L}\p{M}])/gu
/**
 * What nobody sees, or what changes how its neighbours are seen: default-ignorable and format characters (bidi controls among
 * them), line separators, half characters, private and unassigned ones, the blank Braille pattern.
 */
const deceiving = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u2800]/u
const tooManyMarks = new RegExp(`\\p{M}{${marksInARowMax + 1},}`, 'u')
const control = /\p{Cc}/u
const controlButLineBreaks = /[^\P{Cc}\n\r\t]/u

const isHonest = (text: string) =>
  !deceiving.test(text.replace(emoji, '').replace(joined, '$1')) && !tooManyMarks.test(text)
const honestly = {
  error: `no invisible, unassigned or direction characters, at most ${marksInARowMax} marks in a row`,
}

/**
 * One line that people read: 1 to `max` characters (code points) in NFC, with a letter or a digit at least; blanks at both ends
 * are dropped, several become one. A word of Latin letters has no Cyrillic or Greek ones in it that pass for Latin.
 */
export function line(max: number) {
  return z
    .string()
    .overwrite((text) => text.normalize('NFC').replace(/\p{Zs}+/gu, ' '))
    .trim()
    .min(1)
    .refine((text) => Array.from(text).length <= max, { error: `at most ${max} characters` })
    .refine((text) => !control.test(text), { error: 'no control characters' })
    .refine(isHonest, honestly)
    .refine((text) => /[\p{L}\p{N}]/u.test(text) && !/^\p{M}/u.test(text), {
      error: 'at least one letter or digit, and no mark without a letter',
    })
    .refine((text) => !hasDisguisedWord(text), {
      error: 'no word that mixes Latin letters with Cyrillic or Greek ones that look the same',
    })
    .meta({ maxLength: max })
}

/** Text of several lines in NFC, up to `bytesMax` bytes of UTF-8. */
export function prose(bytesMax: number) {
  return z
    .string()
    .overwrite((text) => text.normalize('NFC'))
    .refine((text) => utf8Length(text) <= bytesMax, { error: `at most ${bytesMax} bytes` })
    .refine((text) => !controlButLineBreaks.test(text), {
      error: 'no control characters but line breaks',
    })
    .refine(isHonest, honestly)
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
