/** Letters of Cyrillic and Greek, by the Latin letter (or digit) that they look like. */
const lookalikes = new Map<string, string>()
const shapes: readonly (readonly [string, string])[] = [
  // Cyrillic
  ['3', '\u0437\u0417'],
  ['a', '\u0430\u0410'],
  ['b', '\u0432\u044c\u0412'],
  ['c', '\u0441\u0421'],
  ['d', '\u0501\u0500'],
  ['e', '\u0435\u0451\u0415'],
  ['h', '\u043d\u04bb\u041d\u04ba'],
  ['i', '\u0456\u0457\u0406'],
  ['j', '\u0458\u0408'],
  ['k', '\u043a\u041a'],
  ['l', '\u04cf\u04c0'],
  ['m', '\u043c\u041c'],
  ['o', '\u043e\u041e'],
  ['p', '\u0440\u0420'],
  ['q', '\u051b\u051a'],
  ['r', '\u0433'],
  ['s', '\u0455\u0405'],
  ['t', '\u0442\u0422'],
  ['v', '\u0475\u0474'],
  ['w', '\u051d\u0461\u051c'],
  ['x', '\u0445\u0425'],
  ['y', '\u0443\u04af\u0423\u04ae'],
  // Greek
  ['a', '\u03b1\u0391'],
  ['b', '\u0392'],
  ['c', '\u03f2\u03c2\u03f9'],
  ['e', '\u0395'],
  ['h', '\u0397'],
  ['i', '\u03b9\u0399'],
  ['j', '\u03f3'],
  ['k', '\u03ba\u039a'],
  ['m', '\u039c\u03fa'],
  ['n', '\u03b7\u039d'],
  ['o', '\u03bf\u039f'],
  ['p', '\u03c1\u03a1'],
  ['t', '\u03c4\u03a4'],
  ['u', '\u03c5'],
  ['v', '\u03bd'],
  ['w', '\u03c9'],
  ['x', '\u03c7\u03a7'],
  ['y', '\u03b3\u03a5'],
  ['z', '\u0396'],
]
for (const [latin, letters] of shapes) {
  for (const letter of Array.from(letters)) lookalikes.set(letter, latin)
}

/** Signs and letters that look alike whatever alphabet they are of. */
const sameShape: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  i: 'l',
  '|': 'l',
  ı: 'l',
  '!': 'l',
  '5': 's',
  $: 's',
  '@': 'a',
}

/**
 * What a text looks like: two texts with one skeleton can be taken for each other. Compatibility forms (full width, ligatures,
 * circled) are folded, marks and blanks dropped. It is a common-sense table, not the whole of UTS #39. Not for people to read.
 */
export function skeletonOf(text: string): string {
  const bare = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Z}\p{P}\p{Default_Ignorable_Code_Point}]/gu, '')
  const seen = Array.from(bare, (letter) => {
    const small = lookalikes.get(letter) ?? letter.toLowerCase()
    const latin = lookalikes.get(small) ?? small
    return sameShape[latin] ?? latin
  })
  return seen.join('').replaceAll('rn', 'm').replaceAll('vv', 'w')
}

/** Whether one word has Latin letters and, among them, Cyrillic or Greek ones that pass for Latin. */
export function hasDisguisedWord(text: string): boolean {
  const words = text.normalize('NFKC').match(/[\p{L}\p{M}]+/gu) ?? []
  return words.some(
    (word) =>
      /\p{Script=Latin}/u.test(word) && Array.from(word).some((letter) => lookalikes.has(letter)),
  )
}
