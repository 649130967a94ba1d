import { describe, expect, it } from 'vitest'
import { line, prose } from '../../src/protocol/text.ts'
import { hasDisguisedWord, skeletonOf } from '../../src/lib/skeleton.ts'

const name = line(40)
const text = prose(4_096)
const isName = (given: string) => name.safeParse(given).success
const isProse = (given: string) => text.safeParse(given).success

describe('a name or a title', () => {
  it.each([
    ['Latin and another Latin', 'Zoë Müller'],
    ['Cyrillic', 'Анна Иванова'],
    ['Greek', 'Ελένη'],
    ['Han', '李小龍'],
    ['Persian with a non-joiner', 'می\u200cخواهم'],
    ['Hindi with a joiner', 'क्\u200dष'],
    ['Vietnamese, decomposed', 'Ngu\u0065\u0302\u0303n'],
    ['a family and a heart', 'Ann 👩‍👩‍👧 ❤️ 1️⃣'],
    ['a unit', '10 kΩ resistor, 5 µF'],
    ['digits', '1893'],
  ])('may be %s', (_what, given) => expect(isName(given)).toBe(true))

  it.each([
    ['a zero-width space', 'Ann\u200b'],
    ['a joiner without its alphabet', 'A\u200dnn'],
    ['a Hangul filler', '\u3164'],
    ['blank Braille', 'Ann\u2800'],
    ['a word joiner', '\u2060'],
    ['a Mongolian separator', '\u180e'],
    ['a right-to-left mark', 'Ann\u200f'],
    ['an Arabic letter mark', 'Ann\u061c'],
    ['a line separator', 'Ann\u2028Bob'],
    ['an annotation', 'Ann\ufff9'],
    ['a noncharacter', 'Ann\ufdd0\u{1ffff}'],
    ['a private character', 'Ann\ue000'],
    ['a tag', 'Ann\u{e0041}'],
    ['many marks', `A${'\u0316'.repeat(39)}`],
    ['a mark alone', '\u0301A'],
    ['a selector without a picture', 'Ann\ufe0f'],
    ['no letter', '— 👍 …'],
    ['Cyrillic among Latin', '\u0410nn'],
    ['Greek among Latin', 'B\u03bfb'],
  ])('may not have %s', (_what, given) => expect(isName(given)).toBe(false))

  it('is kept composed, with single blanks', () => {
    expect(name.parse('  Zoe\u0308 \u00a0 M. ')).toBe('Zo\u00eb M.')
  })
})

it('a description may be of several lines, and hides nothing either', () => {
  expect(isProse('It whistles.\n\n👍 ❤️\tمی\u200cخواهم')).toBe(true)
  expect(isProse('')).toBe(true)
  for (const hidden of ['\u200b', '\u202e', '\u2028', '\ue000', `a${'\u0316'.repeat(5)}`]) {
    expect(isProse(`It${hidden}whistles`)).toBe(false)
  }
})

describe('a skeleton', () => {
  it.each([
    ['Ann', '\u0410nn'],
    ['Ann', 'ANN'],
    ['Ann', '\uff21\uff4e\uff4e'],
    ['Coco', '\u0421\u043e\u0441\u043e'],
    ['Bob', 'B0b'],
    ['Bill', 'BiII'],
    ['modern', 'rnodem'],
    ['Zoë', 'Zoe'],
    ['Ann B', 'AnnB'],
  ])('is the same of %s and %s', (one, other) => expect(skeletonOf(one)).toBe(skeletonOf(other)))

  it('differs where people see a difference', () => {
    const names = ['Ann', 'Anna', 'Ben', 'Eve', 'Анна', '李', 'Selma', 'Ada']
    expect(new Set(names.map(skeletonOf)).size).toBe(names.length)
  })

  it('of a skeleton is the same skeleton', () => {
    for (let point = 0x20; point < 0x3000; point++) {
      const once = skeletonOf(String.fromCodePoint(point))
      expect(skeletonOf(once)).toBe(once)
    }
  })

  it('calls only words disguised that mix alphabets and pass for Latin', () => {
    expect(['\u0410nn', 'p\u0430ypal'].every(hasDisguisedWord)).toBe(true)
    expect(['Анна', 'Ann Анна', 'kΩ', 'Ελένη', 'Ann'].some(hasDisguisedWord)).toBe(false)
  })
})
